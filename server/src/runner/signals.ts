import { randomUUID } from 'node:crypto';
import type { BroadcastSignalResponse } from '@xflow/schemas';
import type { PoolClient } from 'pg';
import type { BatchRows } from './batch-rows.js';
import type { ThrownSignal } from './command.js';
import { newInstanceId } from './instance-id.js';
import { continueBroadcast } from './sql/continue-broadcast.js';
import { findEventStarts, startedBy } from './sql/find-event-starts.js';
import { insertSignals } from './sql/insert-signals.js';
import { toTimestamp } from './sql/statement.js';

/** Inboxes that a signal goes into within one batch. */
const chunk = 2_000;

/** A signal to broadcast in this batch. */
export interface Broadcast extends ThrownSignal {
  readonly settle: (response: BroadcastSignalResponse) => void;
}

/**
 * Broadcasts signals (BPMN 2.0.2, 10.5.1): to every subscription that is open, those of this batch included, and to the signal start
 * events of the active versions. No user starts such an instance: it is its own subject. Expects the subscriptions of the batch to
 * be written; the number of statements depends neither on the signals nor on who waits. Where very many wait, the batch reaches the first of them, and
 * {@link goOnBroadcasting} the others.
 */
export async function broadcastSignals(
  client: PoolClient,
  at: number,
  rows: BatchRows,
  broadcasts: readonly Broadcast[],
): Promise<void> {
  if (broadcasts.length === 0) return;
  const signals = broadcasts.map(({ name, variables, thrower }) => ({
    id: randomUUID(),
    name,
    variables,
    at: toTimestamp(at),
    instance_id: thrower?.instanceId ?? null,
    opened_since: thrower?.openedSince ?? [],
  }));
  const reached = new Map((await insertSignals(client, signals, chunk)).map((row) => [row.id, row.reached]));
  if (reached.size > 0) rows.expectDueNow();
  const starts = await findEventStarts(client, 'signal', [...new Set(signals.map(({ name }) => name))]);
  broadcasts.forEach(({ name, variables, settle }, index) => {
    const startedInstanceIds = starts
      .filter((start) => start.message_name === name)
      .map((start) => {
        const id = newInstanceId(at);
        const input = { kind: 'start', ...startedBy(start), variables } as const;
        rows.addCommandedStart({
          id,
          subjectId: id,
          workflowKey: start.workflow_key,
          version: start.version,
          parent: null,
          businessKey: null,
          command: rows.inboxCommand(id, id, 'start', { input }),
        });
        return id;
      });
    settle({ name, reached: reached.get(signals[index]!.id) ?? 0, startedInstanceIds });
  });
}

/** Lets the oldest signal that very many wait for reach some more of them; returns how many. For batches that have found less to do than they could. */
export async function goOnBroadcasting(client: PoolClient): Promise<number> {
  return await continueBroadcast(client, chunk);
}
