import { Module } from '@nestjs/common';
import { MessagesController } from './messages.controller.js';

/** Messages from outside to whoever waits for them. */
@Module({ controllers: [MessagesController] })
export class MessagesModule {}
