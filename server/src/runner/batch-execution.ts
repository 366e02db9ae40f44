import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Clock } from '../clock/clock.js';
import { UnprocessableError } from '../http-problems/problem-error.js';
import { runBatch, type BatchResult } from './batch.js';
import type { BatchServices } from './batch-context.js';
import { FaultyInstancesError } from './faulty-instances-error.js';
import { giveBack } from './give-back.js';
import type { QueuedRequest } from './request.js';
import { leaveToNewer } from './sql/leave-to-newer.js';
import { NewerInstancesError } from './stored-format.js';
import { CommitLostError, inTransaction, isRefusedData } from './transaction.js';

/**
 * What a runner commits it does itself, and tells the others afterwards (Channel). Should it die in between, nobody would know: therefore its first
 * batch, and then one in so many milliseconds, calls for guard with its commit, and the others look when they have not heard this for a while.
 */
const guardInterval = 1_000;

export interface BatchOutcomes {
  /** After every commit. */
  committed(result: BatchResult): void;
  /** What was committed, if it was, is not known. */
  commitLost(): void;
}

/** Runs batches, each in a transaction of its own, and again without what makes them fail, so that nothing holds up what is sound. */
export class BatchExecution {
  private readonly logger = new Logger(BatchExecution.name);
  /** When the last batch began that called for guard. */
  private guardedAt = -Infinity;

  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly services: BatchServices,
    private readonly outcomes: BatchOutcomes,
  ) {}

  /**
   * @param commands how many due commands to take at most
   * @returns the requests that did not get their turn
   * @throws what the transaction fails with, after nothing of it was done; {@link CommitLostError} when that is unknown.
   */
  async run(requests: readonly QueuedRequest[], commands: number): Promise<readonly QueuedRequest[]> {
    try {
      const { later, moved } = await this.runSound(requests, commands);
      // Another batch holds their instances: it is about to commit.
      if (later.length > 0 && moved === 0) await sleep(2);
      return later;
    } catch (error) {
      if (!isRefusedData(error) || requests.length + commands <= 1) throw error;
      this.logger.error(`The database refuses a batch; its instances are tried one by one: ${describe(error)}`);
      return await this.runOneByOne(requests, commands);
    }
  }

  /** Runs the batch until no step throws, each time without the instances whose steps threw. */
  private async runSound(requests: readonly QueuedRequest[], commands: number): Promise<BatchResult> {
    const faulty = new Map<string, unknown>();
    for (;;) {
      try {
        const result = await this.transact(requests, commands, faulty);
        this.outcomes.committed(result);
        return result;
      } catch (error) {
        if (error instanceof FaultyInstancesError) {
          for (const [id, cause] of error.causes) {
            this.logger.error(`Instance ${id} cannot be advanced: ${describe(cause)}`);
            faulty.set(id, cause);
          }
        } else if (error instanceof NewerInstancesError) await leaveToNewer(this.pool, error.formats);
        else throw error;
      }
    }
  }

  /**
   * Finds the culprit of a batch that the database refuses: each due command, then each request, in a batch of its own. What fails among the commands
   * fails before a request is settled, so that all requests may be tried again.
   */
  private async runOneByOne(requests: readonly QueuedRequest[], commands: number): Promise<readonly QueuedRequest[]> {
    for (let left = commands; left > 0; left--) {
      const { locked } = await this.runSound([], 1);
      if (locked === 0) break;
    }
    const again: QueuedRequest[] = [];
    for (const queued of requests) {
      try {
        await this.runSound([queued], 0);
      } catch (error) {
        if (!isRefusedData(error)) again.push(...giveBack([queued], error));
        else queued.reject(refusedByDatabase(error));
      }
    }
    return again;
  }

  private async transact(
    requests: readonly QueuedRequest[],
    commands: number,
    faulty: ReadonlyMap<string, unknown>,
  ): Promise<BatchResult> {
    const begin = performance.now();
    const guarded = begin - this.guardedAt < guardInterval;
    const work = inTransaction(this.pool, async (client) => {
      const at = this.clock.now();
      return await runBatch(this.services, client, { requests, commands, at, guarded, faulty });
    });
    const result = await work.catch((error: unknown) => {
      if (error instanceof CommitLostError) this.outcomes.commitLost();
      throw error;
    });
    if (result.calledForGuard) this.guardedAt = begin;
    return result;
  }
}

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

const refusedByDatabase = (error: unknown): Error =>
  new UnprocessableError('The request cannot be stored', [
    {
      message: `The database refuses it: ${error instanceof Error ? error.message : String(error)}.`,
      remedy: 'Correct the value it names.',
    },
  ]);
