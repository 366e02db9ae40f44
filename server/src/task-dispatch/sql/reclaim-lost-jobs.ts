import type { Pool } from 'pg';
import { toTimestamp } from '../../runner/sql/statement.js';

/**
 * Makes the jobs due again that were in another generation of Redis: it was flushed, or replaced. Locks: the rows, SKIP LOCKED, for
 * every server does this.
 */
export async function reclaimLostJobs(pool: Pool, generation: string, now: number): Promise<void> {
  await pool.query({ name: 'reclaim-lost-jobs', text, values: [generation, toTimestamp(now)] });
}

const text = `
  WITH lost AS (
    SELECT ctid AS place FROM task WHERE queued_in IS NOT NULL AND queued_in <> $1 FOR UPDATE SKIP LOCKED
  )
  UPDATE task SET queued_in = NULL, next_attempt_at = $2 WHERE ctid = ANY (ARRAY(SELECT place FROM lost))`;
