import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Pool } from 'pg';
import { Clock } from '../clock/clock.js';
import { ServerIdentity } from '../database/server-identity.js';
import type { UntimedInput } from '../runner/command.js';
import { Runner } from '../runner/runner.js';
import { toTimestamp } from '../runner/sql/statement.js';
import { mostAttempts, retryDelay } from './retry-policy.js';
import { findNextJob } from './sql/find-next-job.js';
import { leaseJobs, type LeasedJob } from './sql/lease-jobs.js';
import { postponeJobs, type PostponedJob } from './sql/postpone-jobs.js';
import { releaseOrphanedJobs } from './sql/release-orphaned-jobs.js';
import { TaskExecutor, TaskFailure } from './task-executor.js';

/** Jobs attempted at a time. */
const concurrency = 32;
/** Jobs leased ahead: what the memory of the dispatcher is bounded by. */
const leasedAhead = 512;
/** Jobs begun whose results are not stored yet: what a batch of results may hold. */
const mostUnderWay = 512;
/** Milliseconds an attempt may take. */
const timeout = 60_000;
/** Milliseconds from the lease to the end of the last of the jobs leased with it, and a margin. */
const leaseLength = 5 * timeout;

/**
 * Does the jobs that commits leave behind: leases them in sets, hands them to their executor, and brings the results back to the
 * runner, where they join the batches. A job is done at least once, with the same idempotency key each time.
 *
 * The rows of the table `task` are the truth. This pool may be lost at any moment: what it held is taken over by another server, or by
 * the next start of this one.
 */
@Injectable()
export class TaskDispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(TaskDispatcher.name);
  private readonly ready: LeasedJob[] = [];
  private stopped = false;
  /** One for each attempt under way. */
  private readonly attempts = new Set<AbortController>();
  private executing = 0;
  /** Jobs begun whose outcome is not stored yet. */
  private underWay = 0;
  private leasing: Promise<void> | null = null;
  /** Whether there may be jobs to lease. */
  private jobsDue = true;
  private postponed: PostponedJob[] = [];
  private postponing: Promise<void> | null = null;

  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly identity: ServerIdentity,
    private readonly runner: Runner,
    private readonly executor: TaskExecutor,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await releaseOrphanedJobs(this.pool, this.clock.now());
    this.runner.listen({ jobs: () => this.wake() });
    this.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    for (const attempt of this.attempts) attempt.abort(new Error('The server stopped.'));
    await this.settled();
    // What was leased and not begun goes back at once.
    this.postponed.push(...this.ready.splice(0).map((job) => this.postponement(job, 0, null)));
    await this.postpone();
  }

  get isRunning(): boolean {
    return this.leasing !== null || this.postponing !== null || this.underWay > 0 || this.ready.length > 0;
  }

  /** Resolves when no job is leased or under way, and none is due. */
  async rest(): Promise<void> {
    while (this.isRunning)
      await (this.leasing ?? this.postponing ?? new Promise<void>((resolve) => this.idle.push(resolve)));
  }
  private idle: (() => void)[] = [];

  private wake(): void {
    this.jobsDue = true;
    this.fill();
  }

  /** Leases more as soon as half of the room is free: few statements, and the pool never runs dry. */
  private fill(): void {
    if (this.stopped || this.leasing || !this.jobsDue || this.ready.length > leasedAhead / 2) return;
    this.leasing = this.lease()
      .catch((error: unknown) => {
        this.logger.error(`Jobs cannot be leased: ${String(error)}`);
        // The database may be away. The runner sees to its return, and wakes the dispatcher then.
        this.clock.setAlarm('dispatcher', this.clock.now() + 5_000, () => this.wake());
      })
      .finally(() => {
        this.leasing = null;
        this.fill();
        this.tellIdle();
      });
  }

  private async lease(): Promise<void> {
    this.jobsDue = false;
    const now = this.clock.now();
    const room = leasedAhead - this.ready.length;
    const jobs = await leaseJobs(this.pool, {
      rooms: new Map(this.executor.types.map((type) => [type, room])),
      limit: room,
      owner: this.identity.id,
      worker: null,
      now,
      until: now + leaseLength,
    });
    if (jobs.length === room) this.jobsDue = true;
    else await this.setAlarm();
    this.ready.push(...jobs);
    this.begin();
  }

  /** When the next job is due that this server could do: milliseconds since 1970; null: there is none. */
  async nextDue(): Promise<number | null> {
    return await findNextJob(this.pool, this.executor.types);
  }

  private async setAlarm(): Promise<void> {
    const next = await this.nextDue();
    this.clock.setAlarm('dispatcher', next, () => {
      // A lease of another server may have expired, or that server may be gone.
      this.wake();
    });
  }

  private begin(): void {
    while (this.executing < concurrency && this.underWay < mostUnderWay && this.ready.length > 0 && !this.stopped) {
      this.underWay += 1;
      void this.attempt(this.ready.shift()!).finally(() => {
        this.underWay -= 1;
        this.begin();
        this.fill();
        this.tellIdle();
      });
    }
  }

  private async attempt(job: LeasedJob): Promise<void> {
    this.executing += 1;
    const input = await this.execute(job);
    this.executing -= 1;
    if (!input) return;
    // The next job begins while the result of this one waits for its batch.
    this.begin();
    const { subject_id: subjectId, instance_id: instanceId } = job;
    try {
      await this.runner.submit({ kind: 'input', subjectId, instanceId, input, keep: true });
    } catch (error) {
      // The result did not get into the database, or nobody knows: the job is done again when its lease has expired.
      this.logger.error(`The result of job ${job.idempotency_key} could not be stored: ${String(error)}`);
    }
  }

  /** The input that the job's end is for its instance; null: it will be attempted again. */
  private async execute(job: LeasedJob): Promise<UntimedInput | null> {
    const attempt = new AbortController();
    this.attempts.add(attempt);
    const overtime = setTimeout(
      () => attempt.abort(new Error(`The attempt took longer than ${timeout / 1_000} s, and was given up.`)),
      timeout,
    );
    try {
      const outcome = await Promise.race([
        this.executor.execute(
          {
            subjectId: job.subject_id,
            instanceId: job.instance_id,
            taskId: job.id,
            workflowKey: job.workflow_key,
            elementId: job.element_id,
            type: job.type,
            config: job.config,
            input: job.input,
            idempotencyKey: job.idempotency_key,
            attempt: job.attempts,
            maxAttempts: job.max_attempts,
          },
          attempt.signal,
        ),
        aborted(attempt.signal),
      ]);
      return 'result' in outcome
        ? { kind: 'task-completed', taskId: job.id, result: outcome.result }
        : { kind: 'task-threw-error', taskId: job.id, ...outcome.bpmnError };
    } catch (error) {
      return await this.afterFailure(job, error);
    } finally {
      clearTimeout(overtime);
      this.attempts.delete(attempt);
    }
  }

  private async afterFailure(job: LeasedJob, error: unknown): Promise<UntimedInput | null> {
    const reason = error instanceof Error ? error.message : String(error);
    if (this.stopped) {
      this.postponed.push(this.postponement(job, 0, null));
      await this.postpone();
      return null;
    }
    const retryable = !(error instanceof TaskFailure) || error.retryable;
    if (retryable && job.attempts < (job.max_attempts ?? mostAttempts)) {
      this.postponed.push(this.postponement(job, retryDelay(job.attempts, Math.random(), job.backoff), reason));
      await this.postpone();
      return null;
    }
    const remedy =
      error instanceof TaskFailure
        ? error.remedy
        : 'Remove the cause, and retry the incident. If it is not clear, the server log tells more.';
    const counted = job.attempts === 1 ? reason : `After ${job.attempts} attempts: ${reason}`;
    return { kind: 'task-failed', taskId: job.id, reason: counted, remedy };
  }

  private postponement(job: LeasedJob, delay: number, reason: string | null): PostponedJob {
    return {
      subject_id: job.subject_id,
      instance_id: job.instance_id,
      id: job.id,
      next_attempt_at: toTimestamp(this.clock.now() + delay),
      last_error: reason?.replaceAll('\u0000', '') ?? null,
      max_attempts: null,
    };
  }

  /** Failures that come together are written together. */
  private async postpone(): Promise<void> {
    while (this.postponing) await this.postponing;
    const jobs = this.postponed.splice(0);
    if (jobs.length === 0) return;
    this.postponing = postponeJobs(this.pool, this.identity.id, jobs)
      .then(() => undefined)
      .catch((error: unknown) => this.logger.error(`Failed jobs cannot be put back: ${String(error)}`))
      .finally(() => (this.postponing = null));
    await this.postponing;
    if (!this.stopped && !this.leasing) await this.setAlarm().catch(() => undefined);
  }

  /** Resolves when nothing is under way any more. */
  private async settled(): Promise<void> {
    while (this.leasing || this.underWay > 0)
      await (this.leasing ?? new Promise<void>((resolve) => this.idle.push(resolve)));
  }

  private tellIdle(): void {
    for (const resolve of this.idle.splice(0)) resolve();
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
