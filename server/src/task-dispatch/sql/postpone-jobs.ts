import type { Pool, PoolClient } from 'pg';
import type { RowKey } from '../../runner/sql/row-key.js';

export interface PostponedJob extends RowKey {
  readonly next_attempt_at: string;
  /** Null: nothing went wrong, and the attempt does not count. */
  readonly last_error: string | null;
  /** Null: as it was. */
  readonly max_attempts: number | null;
}

/**
 * Gives leased jobs back, to be attempted again later. Only the holder of a lease can: one that somebody else has taken over,
 * or that is over, stays as it is. Locks: the rows, in the order of their key.
 * @param owner the server, or the token of a worker's activation
 * @returns those that were given back
 */
export async function postponeJobs(
  client: Pool | PoolClient,
  owner: string,
  jobs: readonly PostponedJob[],
): Promise<readonly RowKey[]> {
  if (jobs.length === 0) return [];
  return (await client.query<RowKey>({ name: 'postpone-jobs', text, values: [JSON.stringify(jobs), owner] })).rows;
}

const text = `
  UPDATE task t SET lease_owner = NULL, worker = NULL, next_attempt_at = j.next_attempt_at,
    last_error = coalesce(j.last_error, t.last_error), max_attempts = coalesce(j.max_attempts, t.max_attempts),
    attempts = t.attempts - CASE WHEN j.last_error IS NULL THEN 1 ELSE 0 END
  FROM (
    SELECT t.subject_id, t.instance_id, t.id, r.next_attempt_at, r.last_error, r.max_attempts
    FROM json_to_recordset($1)
      AS r (subject_id text, instance_id uuid, id text, next_attempt_at timestamptz, last_error text, max_attempts int)
    JOIN task t ON t.subject_id = r.subject_id AND t.instance_id = r.instance_id AND t.id = r.id
    WHERE t.lease_owner = $2
    ORDER BY t.subject_id, t.instance_id, t.id
    FOR UPDATE OF t
  ) AS j
  WHERE t.subject_id = j.subject_id AND t.instance_id = j.instance_id AND t.id = j.id
  RETURNING t.subject_id, t.instance_id, t.id`;
