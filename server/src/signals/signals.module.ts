import { Module } from '@nestjs/common';
import { SignalsController } from './signals.controller.js';

/** Signals from outside to everyone who waits for them. */
@Module({ controllers: [SignalsController] })
export class SignalsModule {}
