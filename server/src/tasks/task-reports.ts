import { Injectable } from '@nestjs/common';
import type { Json, Variables } from '@xflow/engine';
import type {
  CompleteTasksRequest,
  CompleteTasksResponse,
  ExtendTaskRequest,
  ExtendTasksRequest,
  ExtendTasksResponse,
  FailTaskRequest,
  FailTasksRequest,
  FailTasksResponse,
  RefusedReport,
  ThrowTaskErrorRequest,
} from '@xflow/schemas';
import { Pool } from 'pg';
import { Clock } from '../clock/clock.js';
import { Coalescer } from '../coalescer/coalescer.js';
import { NotFoundError, ProblemError } from '../http-problems/problem-error.js';
import { isUuid } from '../instances/is-uuid.js';
import type { UntimedInput } from '../runner/command.js';
import { Runner } from '../runner/runner.js';
import { toTimestamp } from '../runner/sql/statement.js';
import { inTransaction } from '../runner/transaction.js';
import { usualAttempts, retryDelay } from '../task-dispatch/job-policy.js';
import { postponeJobs, type PostponedJob } from '../task-dispatch/sql/postpone-jobs.js';
import { extendLeases, type LeaseExtension } from './sql/extend-leases.js';
import { findSubjects } from './sql/find-subjects.js';
import { findTasks, type FoundTask, type TaskAddress } from './sql/find-tasks.js';
import { taskAddress, taskId } from './task-id.js';

type Refusal = 'gone' | 'lease-lost';

interface Postponement {
  /** Of the lease. */
  readonly token: string;
  readonly job: PostponedJob;
}

/**
 * What workers report about the tasks that they have leased. A report joins the runner's batches, which look once more
 * whether its lease holds: of two workers who believe to have the same task, one alone can report.
 */
@Injectable()
export class TaskReports {
  private readonly found = new Coalescer<TaskAddress, FoundTask | null>((addresses) => this.find(addresses));

  private readonly subjects = new Coalescer<string, string | null>((ids) => findSubjects(this.pool, ids));

  private readonly extended = new Coalescer<LeaseExtension, boolean>((extensions) =>
    extendLeases(this.pool, extensions, this.clock.now()),
  );

  private readonly postponed = new Coalescer<Postponement, boolean>((postponements) => this.postponeAll(postponements));

  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly runner: Runner,
  ) {}

  /** @throws {ProblemError} 404 where the task is over, 409 where the lease is. So for all reports. */
  async complete(id: string, token: string, variables: Variables): Promise<void> {
    await this.report(id, token, (taskId) => ({ kind: 'task-completed', taskId, result: variables as Json }));
  }

  /** Each for itself: those that are refused hinder no other. @throws where the server could not take a single one. So for all reports of many. */
  async completeMany({ tasks }: CompleteTasksRequest): Promise<CompleteTasksResponse> {
    const refused = await this.each(tasks, ({ id, leaseToken, variables = {} }) =>
      this.complete(id, leaseToken, variables as Variables),
    );
    return { completed: tasks.length - refused.length, refused };
  }

  async failMany({ tasks }: FailTasksRequest): Promise<FailTasksResponse> {
    const refused = await this.each(tasks, (task) => this.fail(task.id, task));
    return { failed: tasks.length - refused.length, refused };
  }

  async extendMany({ tasks, leaseSeconds }: ExtendTasksRequest): Promise<ExtendTasksResponse> {
    const until = this.clock.now() + leaseSeconds * 1_000;
    const refused = await this.each(tasks, ({ id, leaseToken }) => this.extendUntil(until, id, leaseToken));
    return { extended: tasks.length - refused.length, leasedUntil: new Date(until).toISOString(), refused };
  }

  private async each<Task extends { readonly id: string }>(
    tasks: readonly Task[],
    report: (task: Task) => Promise<void>,
  ): Promise<RefusedReport[]> {
    const outcomes = await Promise.allSettled(tasks.map(report));
    const errors = outcomes.map((outcome) => (outcome.status === 'rejected' ? (outcome.reason as unknown) : null));
    const isUnavailable = (error: unknown): boolean => error !== null && refusalBy(error) === 'unavailable';
    if (errors.every(isUnavailable)) throw errors[0];
    return errors.flatMap((error, index) =>
      error === null ? [] : [{ id: tasks[index]!.id, reason: refusalBy(error) }],
    );
  }

  async throwError(id: string, { leaseToken, code, message, variables }: ThrowTaskErrorRequest): Promise<void> {
    await this.report(id, leaseToken, (taskId) => ({
      ...{ kind: 'task-threw-error', taskId, code },
      ...(message === undefined ? {} : { message }),
      ...(variables === undefined ? {} : { variables: variables as Variables }),
    }));
  }

  async fail(id: string, { leaseToken, reason, retriesLeft, retryAfterSeconds }: FailTaskRequest): Promise<void> {
    const task = await this.held(id, leaseToken);
    const left = retriesLeft ?? Math.max(0, (task.max_attempts ?? usualAttempts) - task.attempts);
    if (left > 0) {
      const delay =
        retryAfterSeconds === undefined
          ? retryDelay(task.attempts, Math.random(), undefined, task.backoff)
          : retryAfterSeconds * 1_000;
      await this.postpone(task, leaseToken, { delay, reason, maxAttempts: task.attempts + left });
      return;
    }
    await this.report(id, leaseToken, (taskId) => ({
      kind: 'task-failed',
      taskId,
      reason: task.attempts === 1 ? reason : `After ${task.attempts} attempts: ${reason}`,
      remedy: 'Remove the cause, and retry the incident.',
    }));
  }

  /** @returns until when the lease holds now: milliseconds since 1970 */
  async extend(id: string, { leaseToken, leaseSeconds }: ExtendTaskRequest): Promise<number> {
    const until = this.clock.now() + leaseSeconds * 1_000;
    await this.extendUntil(until, id, leaseToken);
    return until;
  }

  private async extendUntil(until: number, id: string, token: string): Promise<void> {
    const { subject_id, instance_id, id: taskId } = await this.held(id, token);
    if (!(await this.extended.get({ subject_id, instance_id, id: taskId, token, until })))
      throw refused(id, 'lease-lost');
  }

  private async report(id: string, token: string, input: (taskId: string) => UntimedInput): Promise<void> {
    const refusal = await this.submit(id, token, input);
    if (refusal !== null) throw refused(id, refusal);
  }

  /** @returns why the report is refused, null where it is not */
  private async submit(id: string, token: string, input: (taskId: string) => UntimedInput): Promise<Refusal | null> {
    const address = taskAddress(id);
    if (!address) return 'gone';
    const instanceId = address.instance_id;
    const subjectId = await this.subjects.get(instanceId);
    if (subjectId === null) return 'gone';
    const order = { kind: 'input', subjectId, instanceId, input: input(address.id), keep: true, lease: token } as const;
    if (isUuid(token) && (await this.runner.submit(order))) return null;
    return (await this.task(id)) ? 'lease-lost' : 'gone';
  }

  private async held(id: string, token: string): Promise<FoundTask> {
    const task = await this.task(id);
    if (!task) throw refused(id, 'gone');
    if (task.lease_owner !== token || task.leased_until.getTime() <= this.clock.now()) throw refused(id, 'lease-lost');
    return task;
  }

  private async postpone(
    { subject_id, instance_id, id }: FoundTask,
    token: string,
    retry: { readonly delay: number; readonly reason: string; readonly maxAttempts: number },
  ): Promise<void> {
    const job = {
      ...{ subject_id, instance_id, id },
      next_attempt_at: toTimestamp(this.clock.now() + retry.delay),
      last_error: retry.reason,
      max_attempts: retry.maxAttempts,
    };
    if (!(await this.postponed.get({ token, job }))) throw refused(taskId(job), 'lease-lost');
  }

  /** @returns of each whether its lease held */
  private async postponeAll(postponements: readonly Postponement[]): Promise<boolean[]> {
    const byToken = new Map<string, PostponedJob[]>();
    for (const { token } of postponements) byToken.set(token, []);
    for (const { token, job } of postponements) byToken.get(token)!.push(job);
    const done = new Set<string>();
    await inTransaction(this.pool, async (client) => {
      // In one order everywhere: the rows stay locked until the commit.
      for (const token of [...byToken.keys()].sort())
        for (const key of await postponeJobs(client, token, byToken.get(token)!)) done.add(`${token} ${taskId(key)}`);
      // Whoever waits for tasks, at this server or another, now has to look earlier.
      if (done.size > 0) await this.runner.announce(client, { jobs: true });
    });
    if (done.size > 0) this.runner.lookAgain();
    return postponements.map(({ token, job }) => done.has(`${token} ${taskId(job)}`));
  }

  private async task(id: string): Promise<FoundTask | null> {
    const address = taskAddress(id);
    return address && (await this.found.get(address));
  }

  private async find(addresses: readonly TaskAddress[]): Promise<(FoundTask | null)[]> {
    const found = new Map((await findTasks(this.pool, addresses)).map((task) => [taskId(task), task]));
    return addresses.map((address) => {
      const task = found.get(taskId(address));
      return task?.kind === 'job' ? task : null;
    });
  }
}

function refused(id: string, reason: Refusal): ProblemError {
  return reason === 'gone'
    ? new NotFoundError(
        `There is no open task "${id}" of a worker. It was reported already, or its instance went on without it: drop the work.`,
      )
    : new ProblemError(
        409,
        'lease-lost',
        'The lease is lost',
        `The lease of task "${id}" is over, or another worker has it by now. Drop the work, and ask for longer leases (leaseSeconds), ` +
          'or extend them while you work.',
      );
}

/** What a worker is told of a report that ended with this error. */
function refusalBy(error: unknown): RefusedReport['reason'] {
  const status = error instanceof ProblemError ? error.status : null;
  return status === 404 ? 'gone' : status === 409 ? 'lease-lost' : 'unavailable';
}
