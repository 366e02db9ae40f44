import type { PoolClient } from 'pg';

/**
 * Puts the oldest signal that has not reached everyone into the next `chunk` inboxes (insert-signals.ts); removes it when there are no more.
 * Returns how many it has reached. All in the transaction of the batch: a crash repeats the chunk or has done it, and any runner goes on.
 * Locks: the signal, SKIP LOCKED: a runner that finds it taken leaves it to the other.
 */
export async function continueBroadcast(client: PoolClient, chunk: number): Promise<number> {
  const { rows } = await client.query<{ reached: number }>({ name: 'continue-broadcast', text, values: [chunk] });
  return rows[0]?.reached ?? 0;
}

const text = `
  WITH signal AS (
    SELECT * FROM broadcast ORDER BY at, id LIMIT 1 FOR UPDATE SKIP LOCKED
  ), waiting AS (
    SELECT r.id AS signal_id, r.at, r.variables, s.subject_id, s.instance_id, s.id, s.seq,
      r.instance_id IS NOT DISTINCT FROM s.instance_id AND s.id = ANY (r.opened_since) AS too_late
    FROM signal r CROSS JOIN LATERAL (
      SELECT * FROM subscription s
      WHERE s.event = 'signal' AND s.message_name = r.name AND s.seq > r.reached AND s.seq <= r.boundary
      ORDER BY s.seq LIMIT $1
    ) s
  ), inserted AS (
    INSERT INTO command (subject_id, instance_id, id, due_at, kind, payload)
    SELECT subject_id, instance_id, 'signal ' || signal_id || ' ' || id, at, 'signal',
      json_build_object('input', json_build_object('kind', 'signal', 'subscriptionId', id, 'variables', variables))
    FROM waiting WHERE NOT too_late
  ), chunk AS (
    SELECT signal_id, max(seq) AS reached, count(*) AS size FROM waiting GROUP BY signal_id
  ), moved AS (
    UPDATE broadcast b SET reached = c.reached FROM chunk c WHERE b.id = c.signal_id AND c.size = $1
  ), over AS (
    DELETE FROM broadcast b USING signal r
    WHERE b.id = r.id AND NOT EXISTS (SELECT FROM chunk c WHERE c.size = $1)
  )
  SELECT size::int AS reached FROM chunk`;
