import type { Pool } from 'pg';

export interface PostponedJob {
  readonly subject_id: string;
  readonly instance_id: string;
  readonly id: string;
  readonly next_attempt_at: string;
  readonly last_error: string;
}

/**
 * Gives leased jobs back, to be attempted again later. Only the holder of a lease can: one that another dispatcher has taken over,
 * or that is over, stays as it is. Locks: the rows, in the order of their key.
 */
export async function postponeJobs(pool: Pool, owner: string, jobs: readonly PostponedJob[]): Promise<void> {
  if (jobs.length === 0) return;
  await pool.query({ name: 'postpone-jobs', text, values: [JSON.stringify(jobs), owner] });
}

const text = `
  UPDATE task t SET lease_owner = NULL, next_attempt_at = j.next_attempt_at, last_error = j.last_error
  FROM (
    SELECT t.subject_id, t.instance_id, t.id, r.next_attempt_at, r.last_error
    FROM json_to_recordset($1) AS r (subject_id text, instance_id uuid, id text, next_attempt_at timestamptz, last_error text)
    JOIN task t ON t.subject_id = r.subject_id AND t.instance_id = r.instance_id AND t.id = r.id
    WHERE t.lease_owner = $2
    ORDER BY t.subject_id, t.instance_id, t.id
    FOR UPDATE OF t
  ) AS j
  WHERE t.subject_id = j.subject_id AND t.instance_id = j.instance_id AND t.id = j.id`;
