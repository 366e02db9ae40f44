import { Module } from '@nestjs/common';
import { TaskHandlersModule } from '../task-handlers/task-handlers.module.js';
import { TaskDispatcher } from './task-dispatcher.js';

/** Jobs for the handlers of this server. */
@Module({
  imports: [TaskHandlersModule],
  providers: [TaskDispatcher],
  exports: [TaskDispatcher],
})
export class TaskDispatchModule {}
