import type { Pool } from 'pg';
import { storedFormat } from '../../runner/stored-format.js';

/**
 * When the next job of these types may be attempted, or its lease expires: milliseconds since 1970; null: there is no job.
 * Reads the first entry of the index for each type; takes no locks.
 */
export async function findNextJob(pool: Pool, types: readonly string[]): Promise<number | null> {
  const { rows } = await pool.query<{ due: Date | number | null }>({ name: 'find-next-job', text, values: [types] });
  const due = rows[0]?.due;
  // Jobs of suspended instances are due at infinity, which pg reads as the number.
  return due instanceof Date ? due.getTime() : null;
}

const text = `
  SELECT min(t.next_attempt_at) AS due FROM unnest($1::text[]) AS wanted (type)
  CROSS JOIN LATERAL (
    SELECT next_attempt_at FROM task WHERE kind = 'job' AND type = wanted.type AND format <= ${storedFormat} ORDER BY next_attempt_at LIMIT 1
  ) AS t`;
