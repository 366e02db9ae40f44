import { Module } from '@nestjs/common';
import { NdjsonModule } from '../ndjson/ndjson.module.js';
import { MessagesController } from './messages.controller.js';
import { MessagesService } from './messages.service.js';

/** Messages from outside to whoever waits for them. */
@Module({
  imports: [NdjsonModule],
  controllers: [MessagesController],
  providers: [MessagesService],
  exports: [MessagesService],
})
export class MessagesModule {}
