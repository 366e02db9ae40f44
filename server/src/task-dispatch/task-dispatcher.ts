import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Pool } from 'pg';
import { Clock } from '../clock/clock.js';
import { ServerIdentity } from '../database/server-identity.js';
import { Runner } from '../runner/runner.js';
import { JobAttempts } from './job-attempts.js';
import { JobQueue } from './job-queue.js';
import { releaseOrphanedJobs } from './sql/release-orphaned-jobs.js';

/** Has the jobs done that commits leave behind: wakes the queue of jobs when there are new ones, and stops it with the server. */
@Injectable()
export class TaskDispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly identity: ServerIdentity,
    private readonly runner: Runner,
    private readonly queue: JobQueue,
    private readonly attempts: JobAttempts,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.identity.is('worker')) return;
    await releaseOrphanedJobs(this.pool, this.clock.now());
    await this.queue.open();
    this.runner.listen({ jobs: () => this.queue.wake(), cancelledJobs: () => this.attempts.renew() });
    this.queue.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.queue.close();
  }

  get isRunning(): boolean {
    return this.queue.isRunning;
  }

  /** Resolves when no job is leased or under way, and none is due. */
  async rest(): Promise<void> {
    await this.queue.rest();
  }

  /** When the next job is due that this server could do: milliseconds since 1970; null: there is none. */
  async nextDue(): Promise<number | null> {
    return await this.queue.nextDue();
  }
}
