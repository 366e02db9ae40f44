import { Module } from '@nestjs/common';
import { Pool } from 'pg';
import { Clock } from '../clock/clock.js';
import { ServerIdentity } from '../database/server-identity.js';
import { TaskHandlersModule } from '../task-handlers/task-handlers.module.js';
import { JobAttempts } from './job-attempts.js';
import type { JobPolicy } from './job-policy.js';
import { JobQueue } from './job-queue.js';
import { PostgresJobQueue } from './postgres-job-queue.js';
import { TaskDispatcher } from './task-dispatcher.js';
import { TaskExecutor } from './task-executor.js';

/** Jobs for the handlers of this server. */
@Module({
  imports: [TaskHandlersModule],
  providers: [
    JobAttempts,
    {
      provide: JobQueue,
      inject: [Pool, Clock, ServerIdentity, JobAttempts, TaskExecutor],
      useFactory: (pool: Pool, clock: Clock, { id }: ServerIdentity, attempts: JobAttempts, executor: TaskExecutor) =>
        jobQueue(process.env['REDIS_URL'], pool, clock, id, attempts, () => executor.policies),
    },
    TaskDispatcher,
  ],
  exports: [TaskDispatcher],
})
export class TaskDispatchModule {}

/** @param redisUrl undefined: without Redis */
async function jobQueue(
  redisUrl: string | undefined,
  ...common: [Pool, Clock, string, JobAttempts, () => ReadonlyMap<string, JobPolicy>]
): Promise<JobQueue> {
  if (redisUrl === undefined) return new PostgresJobQueue(...common);
  // Loaded only where it is used.
  const { RedisJobQueue } = await import('./redis/redis-job-queue.js');
  return new RedisJobQueue(...common, redisUrl);
}
