import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Pool } from 'pg';
import { Clock } from '../clock/clock.js';
import { ProblemError, UnavailableError } from '../http-problems/problem-error.js';
import { Runner } from '../runner/runner.js';
import { toTimestamp } from '../runner/sql/statement.js';
import { usualAttempts } from '../task-dispatch/job-policy.js';
import { findNextJob } from '../task-dispatch/sql/find-next-job.js';
import type { LeasedJob } from '../task-dispatch/sql/lease-jobs.js';
import { postponeJobs } from '../task-dispatch/sql/postpone-jobs.js';
import { leaseTasks, type LeasedTask } from './sql/lease-tasks.js';

export interface ActivationOrder {
  /** Of the leases: a UUID that nobody else has. */
  readonly token: string;
  readonly types: readonly string[];
  readonly maxTasks: number;
  /** Milliseconds. */
  readonly leaseLength: number;
  /** Milliseconds to wait for the first task. */
  readonly patience: number;
  readonly worker: string;
}

/** Tasks of one activation; the token is that of all of their leases. */
export interface Activation {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly leasedUntil: number;
  readonly jobs: readonly LeasedJob[];
}

interface Waiter {
  readonly order: ActivationOrder;
  /** Answered, refused, or gone. */
  done: boolean;
  settle(activation: Activation): void;
  reject(error: unknown): void;
}

/** Requests that may wait for tasks at a time; every one holds a connection. */
const mostWaiting = 2_000;
/** Tasks that are leased by one statement, unless a single request asks for more. */
const mostAtATime = 1_000;

/**
 * Hands tasks to workers, who wait for them without anybody polling: a waiting request looks when a runner, of this server or another,
 * has written jobs, and when a lease ends or a retry falls due. Those who wait longest are served first, and all who wait for the same types
 * by one statement, so that ten waiting workers share what comes instead of racing for it.
 */
@Injectable()
export class TaskActivation implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(TaskActivation.name);
  private waiting: Waiter[] = [];
  private serving: Promise<void> | null = null;
  private serveAgain = false;
  private stopped = false;

  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly runner: Runner,
  ) {}

  onModuleInit(): void {
    this.runner.listen({ jobs: () => this.serve() });
  }

  /** Everyone who waits is answered with nothing. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    while (this.serving) await this.serving;
    for (const waiter of [...this.waiting]) this.dismiss(waiter);
  }

  /**
   * Resolves with the tasks leased: at least one, unless there was none in time.
   * @param gone aborts when whoever asked has gone before having the answer: what is leased then goes back at once.
   */
  async activate(order: ActivationOrder, gone: AbortSignal): Promise<Activation> {
    if (this.stopped) throw new UnavailableError('The server is stopping. Ask again in a moment.');
    if (this.waiting.length >= mostWaiting)
      throw new ProblemError(
        429,
        'too-many-requests',
        'The server is busy',
        `${mostWaiting} requests wait for tasks already. Ask for more tasks with fewer requests, or a little later.`,
      );
    const { token } = order;
    let timeout: NodeJS.Timeout | undefined;
    let waiter!: Waiter;
    const activation = new Promise<Activation>((settle, reject) => {
      waiter = { order, done: false, settle, reject };
      if (order.patience > 0) timeout = setTimeout(() => this.dismiss(waiter), order.patience);
    });
    const leave = (): void => {
      this.dismiss(waiter);
      void this.giveBack(token, this.leased.get(token) ?? []);
    };
    gone.addEventListener('abort', leave, { once: true });
    if (gone.aborted) leave();
    else {
      this.waiting.push(waiter);
      this.serve();
    }
    try {
      return await activation;
    } finally {
      clearTimeout(timeout);
    }
  }
  /** Leased, and perhaps not yet seen by whoever asked. */
  private readonly leased = new Map<string, readonly LeasedJob[]>();

  /** The answer has been sent, or given up. */
  forget(token: string): void {
    this.leased.delete(token);
  }

  private dismiss(waiter: Waiter): void {
    waiter.settle({ token: waiter.order.token, leasedUntil: 0, jobs: [] });
    this.remove(waiter);
  }

  private remove(waiter: Waiter): void {
    waiter.done = true;
    const index = this.waiting.indexOf(waiter);
    if (index >= 0) this.waiting.splice(index, 1);
  }

  private serve(): void {
    if (this.waiting.length === 0 || this.stopped) return;
    this.serveAgain = true;
    this.serving ??= this.serveWhileAsked().finally(() => {
      this.serving = null;
      // Asked for while the last round was ending.
      if (this.serveAgain) this.serve();
    });
  }

  private async serveWhileAsked(): Promise<void> {
    // Requests of the same turn of the event loop are served in one round.
    await new Promise(setImmediate);
    while (this.serveAgain && !this.stopped) {
      this.serveAgain = false;
      try {
        await this.serveRound();
      } catch (error) {
        this.logger.error(`Tasks cannot be leased: ${String(error)}`);
        for (const waiter of [...this.waiting]) {
          waiter.reject(error);
          this.remove(waiter);
        }
      }
    }
  }

  private async serveRound(): Promise<void> {
    /** Types of which nothing is left. */
    const dry = new Set<string>();
    for (const group of groupsOf(this.waiting)) {
      const types = [...new Set(group[0]!.order.types)].filter((type) => !dry.has(type));
      const open = group.filter(({ done }) => !done);
      if (types.length > 0 && open.length > 0 && !(await this.lease(open, types)))
        for (const type of types) dry.add(type);
      for (const waiter of open) if (waiter.order.patience === 0) this.dismiss(waiter);
    }
    const types = [...new Set(this.waiting.flatMap(({ order }) => order.types))];
    if (types.length > 0)
      this.clock.setAlarm('task-activation', await findNextJob(this.pool, types), () => this.serve());
  }

  /** @returns whether there may be more. */
  private async lease(waiters: readonly Waiter[], types: readonly string[]): Promise<boolean> {
    const now = this.clock.now();
    const takers = waiters.map(({ order: { token, worker, maxTasks, leaseLength } }) => ({
      ...{ token, worker, most: maxTasks, until: now + leaseLength },
    }));
    const taken = await leaseTasks(this.pool, types, takers, now);
    const byToken = new Map<string, LeasedTask[]>(takers.map(({ token }) => [token, []]));
    for (const task of taken) byToken.get(task.lease_owner)!.push(task);
    await this.raiseIncidents(taken.filter(isWornOut));
    for (const [index, waiter] of waiters.entries()) {
      const { token, until } = takers[index]!;
      const jobs = byToken.get(token)!.filter((job) => !isWornOut(job));
      if (waiter.done) await this.giveBack(token, jobs);
      else if (jobs.length > 0) {
        this.leased.set(token, jobs);
        waiter.settle({ token, leasedUntil: until, jobs });
        this.remove(waiter);
      }
    }
    return taken.length === takers.reduce((sum, { most }) => sum + most, 0);
  }

  /** Of tasks whose last attempt was never reported: their workers died or hung each time. One that cannot be raised is, when its lease ends. */
  private async raiseIncidents(jobs: readonly LeasedTask[]): Promise<void> {
    await Promise.allSettled(
      jobs.map((job) =>
        this.runner.submit({
          kind: 'input',
          subjectId: job.subject_id,
          instanceId: job.instance_id,
          input: {
            kind: 'task-failed',
            taskId: job.id,
            reason: `After ${job.attempts - 1} attempts: the last worker did not report before its lease ended.`,
            remedy:
              'Look why the workers do not come to an end, or let them ask for longer leases, and retry the incident.',
          },
          keep: true,
          lease: job.lease_owner,
        }),
      ),
    );
  }

  private async giveBack(token: string, jobs: readonly LeasedJob[]): Promise<void> {
    this.leased.delete(token);
    const now = toTimestamp(this.clock.now());
    const back = jobs.map(({ subject_id, instance_id, id }) => ({
      ...{ subject_id, instance_id, id },
      next_attempt_at: now,
      last_error: null,
      max_attempts: null,
    }));
    try {
      await postponeJobs(this.pool, token, back);
      if (back.length > 0) this.serve();
    } catch (error) {
      this.logger.error(`Tasks that nobody saw stay leased until their leases end: ${String(error)}`);
    }
  }
}

const isWornOut = (job: LeasedJob): boolean => job.attempts > (job.max_attempts ?? usualAttempts);

/** Those who wait for the same types, in the order in which they wait. */
function groupsOf(waiting: readonly Waiter[]): readonly (readonly Waiter[])[] {
  const groups: Waiter[][] = [];
  const open = new Map<string, { readonly group: Waiter[]; tasks: number }>();
  for (const waiter of waiting) {
    const { types, maxTasks } = waiter.order;
    const key = [...new Set(types)].sort().join('\n');
    let last = open.get(key);
    if (!last || last.tasks + maxTasks > mostAtATime) {
      last = { group: [], tasks: 0 };
      groups.push(last.group);
      open.set(key, last);
    }
    last.group.push(waiter);
    last.tasks += maxTasks;
  }
  return groups;
}
