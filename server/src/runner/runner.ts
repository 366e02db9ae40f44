import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { Clock } from '../clock/clock.js';
import { RunnerPool } from '../database/runner-pool.js';
import { ServerIdentity } from '../database/server-identity.js';
import { UnavailableError } from '../http-problems/problem-error.js';
import type { BatchResult } from './batch.js';
import { BatchExecution } from './batch-execution.js';
import { bounds } from './bounds.js';
import { Channel, notifyStatement, type Notice } from './channel.js';
import { DefinitionCache } from './definition-cache.js';
import { giveBack, unavailable } from './give-back.js';
import { AnswerRegistry } from './question-answerer.js';
import type { QueuedRequest, ResultOf, RunnerRequest } from './request.js';
import { RequestQueue } from './request-queue.js';
import { findNextDue, findNextReadable } from './sql/find-next-due.js';
import { forgetOldRows } from './sql/forget-old-rows.js';
import { isConflict } from './transaction.js';

/** Instances that a batch takes at most, from requests and from due commands each. 100 to 500 measured best. */
const batchSize = 500;
/**
 * Batches under way at a time: while one waits for the database, another one advances instances, and their commits wait for the disk together.
 * Measured in turns with a bare writer of the same rows, steps without HTTP: 0.62 of it with one, 0.80 with two; a start over HTTP costs a tenth more
 * processor time, because batches are smaller, and 0.55 instead of 0.49 of a bare server's starts get done on busy cores.
 */
const mostLanes = 2;
/**
 * Due commands that a batch with requests takes at most, so that whoever waits for an answer does not wait for hundreds of timers; another lane takes
 * these meanwhile, and no requests.
 */
const mostBesideRequests = 50;
const forgetInterval = 60_000;
/** Longest that a commit whose connection has broken may still be under way in PostgreSQL, in milliseconds. */
const doubtLength = 60_000;
/** Milliseconds after the last call for guard at which the others look: twice, for a commit may take its time. */
const guardLooks = [2_000, 6_000];

export interface RunnerListener {
  /** After a commit, of this runner or another: instances of these workflows have moved; null: of too many to list. */
  moved?(workflows: readonly string[] | null): void;
  /** After a commit, of this runner or another: there are new jobs. */
  jobs?(): void;
  /** After a commit, of this runner or another: jobs that may be under way are not wanted any more. */
  cancelledJobs?(): void;
}

/**
 * The loop, and nothing else changes an instance: it takes requests and due commands in batches, and comes to rest when there are
 * none. At rest it waits for three things, none of which is a poll: a request, a notice of another runner, and one alarm for the
 * earliest command.
 */
@Injectable()
export class Runner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Runner.name);
  private readonly queue = new RequestQueue(() => performance.now(), bounds());
  private readonly listeners: RunnerListener[] = [];
  private readonly channel: Channel;
  private readonly execution: BatchExecution;
  private started = false;
  private stopping = false;
  /** Whether commands may be due; at the start they may. */
  private commandsDue: boolean;
  /** Whether what falls due is this process's business; requests are everyone's. */
  private readonly takesCommands: boolean;
  private alarmAt = Infinity;
  /** What the lanes are doing; a lane runs one batch after the other until there is nothing to do. */
  private readonly lanes = new Set<Promise<void>>();
  /** Lanes whose batch has requests. */
  private serving = 0;
  /** Counts what may make something due: batches, notices, alarms. */
  private changes = 0;
  private forgottenAt = -Infinity;
  /** Until then this server hears its own notices, too; by performance.now(). */
  private doubtfulUntil = -Infinity;
  /** Batches in a row that could not take what is due. */
  private fruitless = 0;

  constructor(
    private readonly pool: RunnerPool,
    private readonly clock: Clock,
    private readonly identity: ServerIdentity,
    definitions: DefinitionCache,
    answers: AnswerRegistry,
  ) {
    this.takesCommands = identity.is('runner');
    this.commandsDue = this.takesCommands;
    const services = {
      definitions,
      answers,
      callForGuard: (client: PoolClient) => this.announce(client, { atWork: true }),
      foundMore: () => this.expectCommands(),
    };
    this.execution = new BatchExecution(pool, clock, services, {
      committed: (result) => this.afterCommit(result),
      commitLost: () => this.doubt(),
    });
    this.channel = new Channel(
      pool,
      identity.id,
      (notice) => this.hear(notice),
      () => this.lookAgain(),
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.channel.open();
    this.started = true;
    this.expectCommands();
    if (this.queue.length > 0) this.openLane();
  }

  /** Finishes what was accepted; whatever is due waits for the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.commandsDue = false;
    await this.rest();
    this.queue.rejectAll(new UnavailableError('The server is stopping. Send the request again in a moment.'));
    this.channel.close();
    this.clock.close();
  }

  /** Settled when the batch that the request joined is committed, or refuses it. */
  submit<R extends RunnerRequest>(request: R): Promise<ResultOf[R['kind']]> {
    if (this.stopping)
      return Promise.reject(new UnavailableError('The server is stopping. Send the request again in a moment.'));
    return this.queue.add(request, (ready) => {
      if (ready) this.openLane();
    });
  }

  listen(listener: RunnerListener): void {
    this.listeners.push(listener);
  }

  /**
   * Tells the other runners, with the commit of the transaction, of commands written in it: should this server die, another one has its
   * alarm set for them. Who writes commands outside of a batch (a bulk start) calls this, and {@link lookAgain} after the commit.
   */
  async announce(client: PoolClient, news: Partial<Omit<Notice, 'from'>>): Promise<void> {
    const notice: Notice = {
      from: this.identity.id,
      due: null,
      jobs: false,
      cancelledJobs: false,
      workflows: [],
      ...news,
    };
    await client.query({ ...notifyStatement, values: [JSON.stringify(notice)] });
  }

  /** Commands were written that may be due. */
  lookAgain(): void {
    for (const listener of this.listeners) listener.jobs?.();
    this.expectCommands();
  }

  get isRunning(): boolean {
    return this.lanes.size > 0;
  }

  /** Resolves when nothing is queued, running or due. */
  async rest(): Promise<void> {
    while (this.lanes.size > 0) await Promise.all(this.lanes);
  }

  private expectCommands(): void {
    if (!this.takesCommands) return;
    this.changes += 1;
    this.commandsDue = true;
    if (!this.stopping) this.openLane();
  }

  /** There is something to do: another lane does it, unless there are enough of them. */
  private openLane(): void {
    if (!this.started || this.lanes.size >= mostLanes) return;
    const lane = this.runLane(() => this.lanes.delete(lane));
    this.lanes.add(lane);
  }

  /** @param close called in the same breath in which nothing was left to do */
  private async runLane(close: () => void): Promise<void> {
    // Requests of the same turn of the event loop share the first batch.
    await new Promise(setImmediate);
    for (let failures = 0; ;) {
      const due = this.commandsDue && !this.stopping;
      const requests = due && this.serving > 0 ? [] : this.queue.take(batchSize);
      const commands = !due ? 0 : requests.length > 0 ? mostBesideRequests : batchSize;
      if (requests.length > 0) this.serving += 1;
      this.commandsDue &&= this.stopping;
      const idle = requests.length === 0 && commands === 0;
      if (idle && (this.stopping || this.lanes.size > 1)) break;
      let again: readonly QueuedRequest[] = [];
      try {
        if (!idle) again = await this.execution.run(requests, commands);
        else if (await this.comeToRest()) break;
        failures = 0;
      } catch (error) {
        failures += 1;
        this.commandsDue = this.takesCommands;
        again = giveBack(requests, error);
        if (!isConflict(error))
          this.logger.error(
            `A batch failed and will run again: ${error instanceof Error ? error.stack : String(error)}`,
          );
        if (this.stopping && failures > 3) this.queue.rejectAll(unavailable());
        // The database may be away for a while; requests that come meanwhile wait in the queue, which is bounded.
        await sleep(isConflict(error) ? 5 * failures : Math.min(50 * 2 ** failures, 5_000));
      } finally {
        this.queue.release(requests, again);
        if (requests.length > 0) this.serving -= 1;
      }
    }
    close();
  }

  private afterCommit(result: BatchResult): void {
    for (const settle of result.settle) settle();
    const { moved, nextDue: due, jobs, cancelledJobs, workflows } = result;
    if (moved > 0 || due !== null || jobs) this.channel.tell({ due, jobs, cancelledJobs, workflows });
    if (result.moved > 0) this.fruitless = 0;
    if (result.nextDue !== null && result.nextDue <= this.clock.now()) this.expectCommands();
    else this.arm(result.nextDue);
    for (const listener of this.listeners) {
      if (result.moved > 0) listener.moved?.(result.workflows);
      if (result.jobs) listener.jobs?.();
      if (result.cancelledJobs) listener.cancelledJobs?.();
    }
  }

  /** Sets the alarm for the earliest command, asked of the database once. Returns whether nothing has come meanwhile. */
  private async comeToRest(): Promise<boolean> {
    if (!this.takesCommands) return true;
    const changes = this.changes;
    const now = this.clock.now();
    if (now - this.forgottenAt > forgetInterval) {
      this.forgottenAt = now;
      while ((await forgetOldRows(this.pool, now)) && this.isIdle(changes));
    }
    let next = await findNextDue(this.pool);
    // What is due and was not taken may wait for servers of a newer version.
    if (next !== null && next <= now && this.fruitless > 0) next = await findNextReadable(this.pool, now);
    if (!this.isIdle(changes)) return false;
    if (next !== null && next <= this.clock.now()) {
      // Another runner holds its instance, or it came just now. Whoever holds it for longer is asked less and less often.
      this.commandsDue = true;
      this.fruitless += 1;
      await sleep(Math.min(2 ** this.fruitless, 1_000));
      return false;
    }
    this.fruitless = 0;
    this.alarmAt = Infinity;
    this.arm(next);
    if (next === null) this.clock.setAlarm('runner', null, () => undefined);
    return true;
  }

  /** Whether nothing has happened since `changes` were counted, and nobody waits. */
  private isIdle(changes: number): boolean {
    return this.changes === changes && this.queue.length === 0 && !this.commandsDue;
  }

  private arm(due: number | null): void {
    if (!this.takesCommands) return;
    this.changes += 1;
    if (due === null || due >= this.alarmAt) return;
    this.alarmAt = due;
    this.clock.setAlarm('runner', due, () => {
      this.alarmAt = Infinity;
      this.expectCommands();
    });
  }

  /** What was committed, if it was, is not known here: everyone looks for themselves, and hears of it should it be committed only now. */
  private doubt(): void {
    this.doubtfulUntil = performance.now() + doubtLength;
    for (const listener of this.listeners) {
      listener.moved?.(null);
      listener.jobs?.();
      listener.cancelledJobs?.();
    }
  }

  private hear(notice: Notice): void {
    const own = notice.from === this.identity.id;
    if (own && performance.now() > this.doubtfulUntil) return;
    if (notice.atWork && !own) this.guard(notice.from);
    this.arm(notice.due);
    for (const listener of this.listeners) {
      listener.moved?.(notice.workflows);
      if (notice.jobs) listener.jobs?.();
      if (notice.cancelledJobs) listener.cancelledJobs?.();
    }
  }

  /** Looks what another server has left to do, once it has not been heard of for a while. */
  private guard(from: string): void {
    const heard = this.clock.now();
    const lookAfter = ([delay, ...later]: readonly number[]): void => {
      if (delay === undefined) return;
      this.clock.setAlarm(`guard of ${from}`, heard + delay, () => {
        this.lookAgain();
        lookAfter(later);
      });
    };
    lookAfter(guardLooks);
  }
}
