import { Module } from '@nestjs/common';
import { TaskHandlersModule } from '../task-handlers/task-handlers.module.js';
import { TaskDispatcher } from './task-dispatcher.js';
import { TasksController } from './tasks.controller.js';
import { TasksService } from './tasks.service.js';

/** Jobs for handlers, and tasks for people. */
@Module({
  imports: [TaskHandlersModule],
  controllers: [TasksController],
  providers: [TaskDispatcher, TasksService],
  exports: [TaskDispatcher],
})
export class TaskDispatchModule {}
