import { Module } from '@nestjs/common';
import { NdjsonModule } from '../ndjson/ndjson.module.js';
import { UserEventsController } from './user-events.controller.js';
import { UserEventsService } from './user-events.service.js';

/** What users did, as segments and ladders judge them by. */
@Module({
  imports: [NdjsonModule],
  controllers: [UserEventsController],
  providers: [UserEventsService],
  exports: [UserEventsService],
})
export class UserEventsModule {}
