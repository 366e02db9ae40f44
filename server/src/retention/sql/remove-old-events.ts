import type { Pool } from 'pg';

/** Removes events of users before `cutoff` (milliseconds since 1970), at most `limit` of them; returns how many. Locks: the rows, SKIP LOCKED. */
export async function removeOldEvents(pool: Pool, cutoff: number, limit: number): Promise<number> {
  const { rowCount } = await pool.query({ name: 'remove-old-events', text, values: [new Date(cutoff), limit] });
  return rowCount!;
}

const text = `
  DELETE FROM user_event e USING (
    SELECT subject_id, id FROM user_event WHERE at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED
  ) AS old
  WHERE e.subject_id = old.subject_id AND e.id = old.id`;
