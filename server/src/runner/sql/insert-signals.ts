import type { PoolClient } from 'pg';
import type { Variables } from '@xflow/engine';

export interface SignalRow {
  /** A UUID. */
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
 * Puts signals into the inboxes of those who wait for them: of the first `chunk` subscriptions, in the order in which they were opened. Where there
 * are more, the signal becomes a row of `broadcast`, from which continue-broadcast.ts goes on: a million who wait never make one giant transaction.
 * Returns how many subscriptions each signal reaches in all; one that reaches none is missing.
 *
 * Takes no locks beyond the new rows: a subscription that commits later is later than the signal, and one that is being opened just now may be either.
 * What the batch itself opens and closes must be written.
 */
export async function insertSignals(
  client: PoolClient,
  rows: readonly SignalRow[],
  chunk: number,
): Promise<readonly { readonly id: string; readonly reached: number }[]> {
  if (rows.length === 0) return [];
  const values = [JSON.stringify(rows), chunk];
  return (await client.query<{ id: string; reached: number }>({ name: 'insert-signals', text, values })).rows;
}

const text = `
  WITH signal AS (
    SELECT r.*, (SELECT last_value FROM subscription_seq_seq) AS boundary
    FROM json_to_recordset($1) AS r (id uuid, name text, variables json, at timestamptz, instance_id uuid, opened_since text[])
  ), waiting AS (
    SELECT r.id AS signal_id, r.at, r.variables, s.subject_id, s.instance_id, s.id, s.seq,
      r.instance_id IS NOT DISTINCT FROM s.instance_id AND s.id = ANY (r.opened_since) AS too_late
    FROM signal r CROSS JOIN LATERAL (
      SELECT * FROM subscription s WHERE s.event = 'signal' AND s.message_name = r.name AND s.seq <= r.boundary
      ORDER BY s.seq LIMIT $2
    ) s
  ), inserted AS (
    INSERT INTO command (subject_id, instance_id, id, due_at, kind, payload)
    SELECT subject_id, instance_id, 'signal ' || signal_id || ' ' || id, at, 'signal',
      json_build_object('input', json_build_object('kind', 'signal', 'subscriptionId', id, 'variables', variables))
    FROM waiting WHERE NOT too_late
  ), chunk AS (
    SELECT signal_id, max(seq) AS reached, count(*) AS size, count(*) FILTER (WHERE NOT too_late) AS inserted
    FROM waiting GROUP BY signal_id
  ), kept AS (
    INSERT INTO broadcast (id, name, variables, at, instance_id, opened_since, reached, boundary)
    SELECT r.id, r.name, r.variables, r.at, r.instance_id, r.opened_since, c.reached, r.boundary
    FROM chunk c JOIN signal r ON r.id = c.signal_id WHERE c.size = $2
  )
  SELECT r.id, (c.inserted + CASE WHEN c.size = $2 THEN (
      SELECT count(*) FROM subscription s
      WHERE s.event = 'signal' AND s.message_name = r.name AND s.seq > c.reached AND s.seq <= r.boundary
        AND NOT (r.instance_id IS NOT DISTINCT FROM s.instance_id AND s.id = ANY (r.opened_since))
    ) ELSE 0 END)::int AS reached
  FROM chunk c JOIN signal r ON r.id = c.signal_id WHERE c.inserted > 0 OR c.size = $2`;
