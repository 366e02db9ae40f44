import { Module } from '@nestjs/common';
import { TaskHandlersModule } from '../task-handlers/task-handlers.module.js';
import { JobsController } from './jobs.controller.js';
import { JobsService } from './jobs.service.js';
import { TaskActivation } from './task-activation.js';
import { TaskReports } from './task-reports.js';
import { TasksController } from './tasks.controller.js';
import { TasksService } from './tasks.service.js';
import { WorkerTasksController } from './worker-tasks.controller.js';

/** Tasks that are done outside of the server: by people, and by workers over HTTP. */
@Module({
  imports: [TaskHandlersModule],
  controllers: [WorkerTasksController, TasksController, JobsController],
  providers: [TasksService, TaskActivation, TaskReports, JobsService],
})
export class TasksModule {}
