import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Pool } from 'pg';
import { Clock } from '../clock/clock.js';
import { ServerIdentity } from '../database/server-identity.js';
import { ProblemError } from '../http-problems/problem-error.js';
import { faultIncidentType } from '../runner/park-faults.js';
import { Runner } from '../runner/runner.js';
import type { BatchOperationRow } from './batch-operation-row.js';
import { collectItems } from './sql/collect-items.js';
import { endOperation } from './sql/end-operation.js';
import { failItems, type FailedItem } from './sql/fail-items.js';
import { nextItems, type NextItem } from './sql/next-items.js';
import { nextLeaseEnd } from './sql/next-lease-end.js';
import { renewOperation } from './sql/renew-operation.js';
import { takeOperations } from './sql/take-operations.js';

/** How long an operation stays with a server that says nothing. Milliseconds. */
const leaseLength = 30_000;
/** Most items that are under way at a time for one operation: a batch of the runner. */
const mostAtOnce = 500;
const second = 1_000;

/**
 * Carries batch operations out: item by item through the runner's batches, in chunks, no faster than their rates. What was done is counted in the
 * transaction that did it, so that a server that goes on after a crash repeats nothing. Nobody polls: a server looks for operations that others
 * may have left at its start and after instances have moved, and then when their leases end, as long as there are such operations.
 */
@Injectable()
export class BatchOperationRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(BatchOperationRunner.name);
  /** By operation: when its next chunk is due; null: it is being worked on. */
  private readonly under = new Map<string, number | null>();
  private readonly working = new Set<Promise<void>>();
  private stopped = false;
  /** When this server looks for operations again that others may have left; null: it does not. */
  private watchingAt: number | null = null;

  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly identity: ServerIdentity,
    private readonly runner: Runner,
  ) {}

  onApplicationBootstrap(): void {
    this.runner.listen({ moved: () => this.watch(this.clock.now() + leaseLength) });
    this.look();
  }

  /** What is under way is finished; another server goes on with the rest. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.rest();
  }

  /** There may be operations to take. */
  look(): void {
    this.track(this.take());
  }

  /** Resolves when nothing is being worked on. */
  async rest(): Promise<void> {
    while (this.working.size > 0) await Promise.all(this.working);
  }

  /** When the next chunk may begin: milliseconds since 1970; null: none waits. */
  nextDue(): number | null {
    const due = [...this.under.values()].filter((at) => at !== null);
    return due.length === 0 ? null : Math.min(...due);
  }

  private watch(at: number): void {
    if (this.stopped || (this.watchingAt !== null && this.watchingAt <= at)) return;
    this.watchingAt = at;
    this.clock.setAlarm('batch-operations', at, () => {
      this.watchingAt = null;
      this.look();
    });
  }

  private track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => {
        this.logger.error(`Batch operations cannot go on: ${String(error)}`);
        this.watch(this.clock.now() + leaseLength);
      })
      .finally(() => this.working.delete(tracked));
    this.working.add(tracked);
  }

  private async take(): Promise<void> {
    if (this.stopped) return;
    const now = this.clock.now();
    for (const { id } of await takeOperations(this.pool, this.identity.id, now, now + leaseLength))
      if (!this.under.has(id)) this.track(this.work(id));
    const end = await nextLeaseEnd(this.pool, this.identity.id);
    // One that has ended meanwhile is taken a moment later, not at once again and again.
    if (end !== null) this.watch(Math.max(end, now + second));
  }

  /** Works on the operation until it is over, is another server's, or must wait for its rate. */
  private async work(id: string): Promise<void> {
    this.under.set(id, null);
    try {
      while (!this.stopped) {
        const until = this.clock.now() + leaseLength;
        const operation = await renewOperation(this.pool, id, this.identity.id, until);
        if (operation === null) break;
        if (operation.status === 'collecting') {
          await collectItems(this.pool, operation);
          continue;
        }
        const began = this.clock.now();
        const most = Math.min(operation.rate, mostAtOnce);
        const items = await nextItems(this.pool, id, most);
        if (items.length === 0) {
          await endOperation(this.pool, id, 'done', this.clock.now());
          break;
        }
        await this.carryOut(operation, items);
        const next = began + (items.length * second) / operation.rate;
        if (items.length === most && next > this.clock.now() && !this.stopped) {
          this.under.set(id, next);
          this.clock.setAlarm(`batch-operation ${id}`, next, () => this.track(this.work(id)));
          return;
        }
      }
    } catch (error) {
      this.under.delete(id);
      throw error;
    }
    this.under.delete(id);
  }

  private async carryOut(operation: BatchOperationRow, items: readonly NextItem[]): Promise<void> {
    const failed: FailedItem[] = [];
    let postponed = false;
    await Promise.all(
      items.map(async (item) => {
        const { subject_id, instance_id, incident_id } = item;
        try {
          if (!(await this.submit(operation, item)))
            failed.push({ subject_id, instance_id, incident_id, reason: nothingToDo[operation.action] });
        } catch (error) {
          // What the server cannot do just now is still to be done.
          if (error instanceof ProblemError && (error.status === 429 || error.status === 503)) postponed = true;
          else {
            const reason = error instanceof Error ? error.message : String(error);
            failed.push({ subject_id, instance_id, incident_id, reason: reason.replaceAll('\u0000', '') });
          }
        }
      }),
    );
    await failItems(this.pool, operation.id, failed);
    if (postponed) await sleep(100);
  }

  private submit({ id: operationId, action, detail }: BatchOperationRow, item: NextItem): Promise<boolean> {
    const key = { subjectId: item.subject_id, instanceId: item.instance_id, operationId };
    switch (action) {
      case 'cancel': {
        const reason = `Batch operation ${operationId} cancelled it.`;
        return this.runner.submit({ kind: 'input', ...key, keep: false, input: { kind: 'cancelled', reason } });
      }
      case 'suspend':
      case 'resume':
        return this.runner.submit({ kind: 'suspend', ...key, suspended: action === 'suspend' });
      case 'migrate':
        return this.runner.submit({ kind: 'migrate', ...key, version: detail.version!, mapping: detail.mapping ?? [] });
      case 'retry-incidents':
        if (item.incident_type === faultIncidentType)
          return this.runner.submit({ kind: 'retry-fault', ...key, incidentId: item.incident_id });
        return this.runner.submit({
          kind: 'input',
          ...key,
          keep: false,
          input: { kind: 'incident-resolved', incidentId: item.incident_id, resolution: { action: 'retry' } },
        });
    }
  }
}

/** Why an item changed nothing. */
const nothingToDo: Readonly<Record<BatchOperationRow['action'], string>> = {
  cancel: 'The instance had ended before its turn came.',
  suspend: 'The instance was suspended already, or had ended before its turn came.',
  resume: 'The instance was not suspended any more when its turn came.',
  migrate: 'The instance runs on this version already, or had ended before its turn came.',
  'retry-incidents': 'The incident was resolved before its turn came.',
};
