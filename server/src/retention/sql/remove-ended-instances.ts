import type { Pool } from 'pg';

/**
 * Removes instances that ended before `cutoff` (milliseconds since 1970), at most `limit` of them, with all that belongs to them; returns how many.
 * What an instance did to its user stays. Locks: the instances, SKIP LOCKED, in the order of their end; then their rows, which nobody else takes
 * without them.
 */
export async function removeEndedInstances(pool: Pool, cutoff: number, limit: number): Promise<number> {
  const { rowCount } = await pool.query({ name: 'remove-ended-instances', text, values: [new Date(cutoff), limit] });
  return rowCount!;
}

const ofOld = (table: string): string =>
  `${table}s AS (DELETE FROM ${table} t USING old WHERE t.subject_id = old.subject_id AND t.instance_id = old.id)`;

const text = `
  WITH old AS (
    SELECT subject_id, id FROM instance WHERE ended_at < $1 ORDER BY ended_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
  ), ${['history', 'incident', 'command', 'subscription', 'task'].map(ofOld).join(', ')}
  DELETE FROM instance i USING old WHERE i.subject_id = old.subject_id AND i.id = old.id`;
