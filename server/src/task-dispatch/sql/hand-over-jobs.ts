import type { Pool } from 'pg';
import type { RowKey } from '../../runner/sql/row-key.js';
import { toTimestamp } from '../../runner/sql/statement.js';
import { storedFormat } from '../../runner/stored-format.js';

export interface HandedJob extends RowKey {
  readonly type: string;
  /** Attempts made. */
  readonly attempts: number;
}

/**
 * Marks jobs that may be attempted now as being in Redis, those that wait longest first; there they are put after the commit. At `until`
 * they are put there again, should they be lost on the way. Those whose lease has ended are among them: their holder has died.
 * Locks: the rows, SKIP LOCKED, as lease-jobs.ts.
 * @param rooms most jobs of each type
 * @param generation of the Redis
 */
export async function handOverJobs(
  pool: Pool,
  rooms: ReadonlyMap<string, number>,
  generation: string,
  now: number,
  until: number,
): Promise<readonly HandedJob[]> {
  const values = [[...rooms.keys()], [...rooms.values()], toTimestamp(now), generation, toTimestamp(until)];
  return (await pool.query<HandedJob>({ name: 'hand-over-jobs', text, values })).rows;
}

const text = `
  WITH due AS (
    SELECT t.place
    FROM unnest($1::text[], $2::int[]) AS wanted (type, room)
    CROSS JOIN LATERAL (
      SELECT ctid AS place FROM task WHERE kind = 'job' AND type = wanted.type AND next_attempt_at <= $3 AND format <= ${storedFormat}
      ORDER BY next_attempt_at LIMIT wanted.room FOR UPDATE SKIP LOCKED
    ) AS t
  )
  UPDATE task SET lease_owner = NULL, worker = NULL, queued_in = $4, next_attempt_at = $5
  WHERE ctid = ANY (ARRAY(SELECT place FROM due))
  RETURNING subject_id, instance_id, id, type, attempts`;
