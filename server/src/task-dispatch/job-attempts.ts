import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Pool } from 'pg';
import { Clock } from '../clock/clock.js';
import { ServerIdentity } from '../database/server-identity.js';
import { ProblemError } from '../http-problems/problem-error.js';
import type { UntimedInput } from '../runner/command.js';
import { Runner } from '../runner/runner.js';
import { toTimestamp } from '../runner/sql/statement.js';
import { retryDelay, usualAttempts } from './job-policy.js';
import type { LeasedJob } from './sql/lease-jobs.js';
import { postponeJobs, type PostponedJob } from './sql/postpone-jobs.js';
import { renewLeases } from './sql/renew-leases.js';
import { TaskExecutor, TaskFailure, type TaskOutcome } from './task-executor.js';

/** Milliseconds that a lease lasts, and after how many it is renewed: two renewals may fail before the lease is lost. */
export const leaseLength = 15_000;
const renewalInterval = 5_000;
/** Milliseconds of real time until a result is offered again that could not be taken. */
const shortestPause = 20;
const longestPause = 2_000;

/** A job whose lease this server holds. */
export interface HeldJob {
  readonly job: LeasedJob;
  /** Why the lease is given up: it is lost, or the server stops. */
  givenUp: Error | null;
  /** Ends the attempt under way. */
  abort: (reason: Error) => void;
  /** Its end is on its way to the instance, whose batch ends the lease. */
  reporting: boolean;
}

/**
 * The jobs whose leases this server holds: attempts them, renews their leases meanwhile, and brings the results back to the
 * runner, where they join the batches. A job is done at least once, with the same idempotency key each time.
 *
 * A lease that is lost (the token has left the activity, the instance was cancelled, another server took the job over from
 * this one, which was stopped for too long) aborts the attempt.
 */
@Injectable()
export class JobAttempts {
  private readonly logger = new Logger(JobAttempts.name);
  private readonly held = new Set<HeldJob>();
  private renewing: Promise<void> | null = null;
  private renewAgain = false;
  private renewalAt: number | null = null;
  private postponed: PostponedJob[] = [];
  private postponing: Promise<void> | null = null;
  private stopped = false;
  /** Told when jobs have been put back, to be attempted later. */
  onPostponed: () => void = () => undefined;

  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly identity: ServerIdentity,
    private readonly runner: Runner,
    private readonly executor: TaskExecutor,
  ) {}

  /** Jobs held, under way or about to be. */
  get size(): number {
    return this.held.size;
  }

  get isRunning(): boolean {
    return this.held.size > 0 || this.postponing !== null;
  }

  /** Keeps the lease of a job, until {@link run} is over or {@link giveBack} is called. */
  hold(job: LeasedJob): HeldJob {
    const held: HeldJob = { job, givenUp: null, abort: nothing, reporting: false };
    this.held.add(held);
    this.armRenewal();
    return held;
  }

  /**
   * Attempts a job that is held. Resolves when its result is stored, or it has been put back, or was lost.
   * @param executed called when the handler has ended: the next job may begin while the result waits for its batch
   */
  async run(held: HeldJob, executed: () => void): Promise<void> {
    try {
      const input = await this.executeAndTell(held, executed);
      if (!input || held.givenUp) return;
      held.reporting = true;
      await this.report(held.job, input);
    } catch (error) {
      // The result did not get into the database, or nobody knows: the job is done again when its lease has expired.
      this.logger.error(`The result of job ${held.job.idempotency_key} could not be stored: ${String(error)}`);
    } finally {
      this.held.delete(held);
    }
  }

  private async executeAndTell(held: HeldJob, executed: () => void): Promise<UntimedInput | null> {
    try {
      return await this.execute(held);
    } finally {
      executed();
    }
  }

  /** The work is done, and should not be done twice: where the runner is busy, or the database is away, the result waits. */
  private async report(
    { subject_id: subjectId, instance_id: instanceId }: LeasedJob,
    input: UntimedInput,
  ): Promise<void> {
    for (let pause = shortestPause; ; pause = Math.min(pause * 2, longestPause)) {
      try {
        await this.runner.submit({ kind: 'input', subjectId, instanceId, input, keep: true });
        return;
      } catch (error) {
        const later = error instanceof ProblemError && (error.status === 429 || error.status === 503);
        if (!later || this.stopped) throw error;
        await sleep(pause);
      }
    }
  }

  /** Jobs that are held and have not begun go back at once. */
  async giveBack(jobs: readonly HeldJob[]): Promise<void> {
    for (const held of jobs) this.held.delete(held);
    this.postponed.push(...jobs.map(({ job }) => this.postponement(job, 0, null)));
    await this.postpone();
  }

  /** Aborts what is under way, and puts it back; resolves when it is. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const held of this.held) giveUp(held, new Error('The server stopped.'));
    while (this.renewing) await this.renewing;
    this.clock.setAlarm('lease-renewal', null, () => undefined);
  }

  /** Looks whether the leases of what is under way still hold, and renews them. */
  renew(): void {
    if (this.held.size === 0) return;
    this.renewAgain = true;
    this.renewing ??= this.renewWhileAsked().finally(() => {
      this.renewing = null;
      this.renewalAt = null;
      // Asked for while the last one was ending.
      if (this.renewAgain) this.renew();
      this.armRenewal();
    });
  }

  private armRenewal(): void {
    if (this.renewalAt !== null || this.renewing || this.held.size === 0 || this.stopped) return;
    this.renewalAt = this.clock.now() + renewalInterval;
    this.clock.setAlarm('lease-renewal', this.renewalAt, () => {
      this.renewalAt = null;
      this.renew();
    });
  }

  private async renewWhileAsked(): Promise<void> {
    while (this.renewAgain) {
      this.renewAgain = false;
      const asked = [...this.held];
      const keys = asked.map(({ job: { subject_id, instance_id, id } }) => ({ subject_id, instance_id, id }));
      try {
        const renewed = await renewLeases(this.pool, this.identity.id, keys, this.clock.now() + leaseLength);
        const kept = new Set(renewed.map(keyOf));
        for (const held of asked)
          if (!kept.has(keyOf(held.job)) && !held.reporting)
            giveUp(
              held,
              new Error('The job is not wanted any more: its instance went on without it, or another server has it.'),
            );
      } catch (error) {
        this.logger.error(`Leases of jobs cannot be renewed: ${String(error)}`);
      }
    }
  }

  /** The input that the job's end is for its instance; null: it will be attempted again, or nobody wants it. */
  private async execute(held: HeldJob): Promise<UntimedInput | null> {
    const { job } = held;
    const most = this.mostAttempts(job);
    if (job.attempts > most)
      return {
        kind: 'task-failed',
        taskId: job.id,
        reason: `After ${job.attempts - 1} attempts: the server that did the last one ended, or hung, before it was over.`,
        remedy: 'Look in the logs whether this job makes servers end. Remove the cause, and retry the incident.',
      };
    try {
      const outcome = await this.attempt(held);
      return 'result' in outcome
        ? { kind: 'task-completed', taskId: job.id, result: outcome.result }
        : { kind: 'task-threw-error', taskId: job.id, ...outcome.bpmnError };
    } catch (error) {
      return await this.afterFailure(held, error);
    }
  }

  /**
   * Has the job done, for as long as it may take and its lease is kept; handlers that do not listen to their signal are left behind.
   * One controller, one promise and one timer, which ends with the attempt: AbortSignal.timeout() and any() cost 15 µs more a job, and kept each one in
   * memory for as long as it might have taken.
   */
  private async attempt(held: HeldJob): Promise<TaskOutcome> {
    if (held.givenUp) throw held.givenUp;
    const { job } = held;
    const stopping = new AbortController();
    const longest = this.executor.policies.get(job.type)!.timeout;
    const timer = setTimeout(
      () => held.abort(new Error(`The job of type "${job.type}" was given up: it took longer than ${longest} ms.`)),
      longest,
    );
    const task = {
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
    };
    try {
      return await new Promise<TaskOutcome>((resolve, reject) => {
        held.abort = (reason) => {
          reject(reason);
          stopping.abort(reason);
        };
        this.executor.execute(task, stopping.signal).then(resolve, reject);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  private async afterFailure({ job, givenUp }: HeldJob, error: unknown): Promise<UntimedInput | null> {
    const reason = error instanceof Error ? error.message : String(error);
    if (givenUp) {
      // Where the lease is lost, there is nothing to put back, and nothing happens.
      await this.putBack(this.postponement(job, 0, null));
      return null;
    }
    const retryable = !(error instanceof TaskFailure) || error.retryable;
    if (retryable && job.attempts < this.mostAttempts(job)) {
      const backoff = this.executor.policies.get(job.type)?.backoff;
      const delay = retryDelay(job.attempts, Math.random(), backoff, job.backoff);
      await this.putBack(this.postponement(job, delay, reason));
      return null;
    }
    const remedy =
      error instanceof TaskFailure
        ? error.remedy
        : 'Remove the cause, and retry the incident. If it is not clear, the server log tells more.';
    const counted = job.attempts === 1 ? reason : `After ${job.attempts} attempts: ${reason}`;
    return { kind: 'task-failed', taskId: job.id, reason: counted, remedy };
  }

  private mostAttempts({ type, max_attempts }: LeasedJob): number {
    return max_attempts ?? this.executor.policies.get(type)?.maxAttempts ?? usualAttempts;
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

  private async putBack(job: PostponedJob): Promise<void> {
    this.postponed.push(job);
    await this.postpone();
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
    this.onPostponed();
  }
}

const nothing = (): void => undefined;

const keyOf = ({ instance_id, id }: { readonly instance_id: string; readonly id: string }): string =>
  `${instance_id} ${id}`;

function giveUp(held: HeldJob, reason: Error): void {
  held.givenUp = reason;
  held.abort(reason);
}
