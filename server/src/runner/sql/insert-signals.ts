import type { PoolClient } from 'pg';
import type { Variables } from '@xflow/engine';
import { runOverRows } from './statement.js';

export interface SignalRow {
  /** Unique. */
  readonly id: string;
  readonly name: string;
  readonly variables: Variables;
  readonly at: string;
  /** The instance that threw it; null: it came from outside. */
  readonly instance_id: string | null;
  /** Subscriptions that this instance has opened since. */
  readonly opened_since: readonly string[];
}

/**
 * Puts signals into the inboxes of all who wait for them, however many: the commands are made where the subscriptions are, and the
 * loop takes them in batches. Returns how many subscriptions each reaches; a signal that reaches none is missing.
 *
 * Takes no locks beyond the new rows: a subscription that commits later is later than the signal, which nobody receives later. What
 * the batch itself opens and closes must be written.
 */
export async function insertSignals(
  client: PoolClient,
  rows: readonly SignalRow[],
): Promise<readonly { readonly id: string; readonly reached: number }[]> {
  return await runOverRows<{ id: string; reached: number }>(client, 'insert-signals', text, rows);
}

const text = `
  WITH signal AS (
    SELECT * FROM json_to_recordset($1) AS r (id text, name text, variables json, at timestamptz, instance_id uuid, opened_since text[])
  ), inserted AS (
    INSERT INTO command (subject_id, instance_id, id, due_at, kind, payload)
    SELECT s.subject_id, s.instance_id, 'signal ' || r.id || ' ' || s.id, r.at, 'signal',
      json_build_object('input', json_build_object('kind', 'signal', 'subscriptionId', s.id, 'variables', r.variables))
    FROM signal r JOIN subscription s ON s.event = 'signal' AND s.correlation_key = '' AND s.message_name = r.name
    WHERE r.instance_id IS NULL OR s.instance_id <> r.instance_id OR s.id <> ALL (r.opened_since)
    RETURNING id
  )
  SELECT split_part(id, ' ', 2) AS id, count(*)::int AS reached FROM inserted GROUP BY 1`;
