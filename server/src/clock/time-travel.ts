import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { BatchOperationRunner } from '../batch-operations/batch-operation-runner.js';
import { Runner } from '../runner/runner.js';
import { findNextDue } from '../runner/sql/find-next-due.js';
import { TaskDispatcher } from '../task-dispatch/task-dispatcher.js';
import { Clock } from './clock.js';
import { TestClock } from './test-clock.js';

/** Moves the test clock, from one due time to the next, so that everything happens when it is due and not later. */
@Injectable()
export class TimeTravel {
  private travelling: Promise<void> = Promise.resolve();

  constructor(
    private readonly clock: Clock,
    private readonly pool: Pool,
    private readonly runner: Runner,
    private readonly dispatcher: TaskDispatcher,
    private readonly operations: BatchOperationRunner,
  ) {}

  now(): number {
    return this.clock.now();
  }

  /** Resolves when the clock stands at `target`, and the server is at rest up to then. One journey after the other. */
  async advanceTo(target: number): Promise<void> {
    const journey = this.travelling.then(() => this.travel(target));
    this.travelling = journey.catch(() => undefined);
    await journey;
  }

  private async travel(target: number): Promise<void> {
    const { clock } = this;
    if (!(clock instanceof TestClock)) throw new Error('Expected the server to run on a test clock.');
    for (;;) {
      const next = await this.rest();
      if (next > target) break;
      await clock.moveTo(next);
    }
    if (target > clock.now()) await clock.moveTo(target);
  }

  /** Waits until nothing is under way or due; returns when the next thing is due. */
  private async rest(): Promise<number> {
    for (;;) {
      await this.runner.rest();
      await this.dispatcher.rest();
      await this.operations.rest();
      const next = Math.min(
        (await findNextDue(this.pool)) ?? Infinity,
        (await this.dispatcher.nextDue()) ?? Infinity,
        this.operations.nextDue() ?? Infinity,
      );
      if (next > this.clock.now() && !this.runner.isRunning && !this.dispatcher.isRunning) return next;
      // Another server is at work, or this one is about to begin.
      await sleep(1);
    }
  }
}
