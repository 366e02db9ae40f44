import type { Pool } from 'pg';
import type { RowKey } from '../../runner/sql/row-key.js';
import { toTimestamp } from '../../runner/sql/statement.js';
import type { LeasedJob } from './lease-jobs.js';

/**
 * Leases the jobs that Redis names, if they still wait: one that was leased from a duplicate, was cancelled, or is to be attempted later, is not
 * among those returned. Counting the attempt here bounds those of a job that ends its holder. Locks: the rows, in the order of their key.
 */
export async function leaseHandedJobs(
  pool: Pool,
  jobs: readonly RowKey[],
  owner: string,
  now: number,
  until: number,
): Promise<readonly LeasedJob[]> {
  const values = [JSON.stringify(jobs), owner, toTimestamp(now), toTimestamp(until)];
  return (await pool.query<LeasedJob>({ name: 'lease-handed-jobs', text, values })).rows;
}

const text = `
  UPDATE task t SET lease_owner = $2, worker = NULL, queued_in = NULL, next_attempt_at = $4, attempts = t.attempts + 1
  FROM (
    SELECT t.subject_id, t.instance_id, t.id
    FROM json_to_recordset($1) AS r (subject_id text, instance_id uuid, id text)
    JOIN task t ON t.subject_id = r.subject_id AND t.instance_id = r.instance_id AND t.id = r.id
    WHERE t.kind = 'job' AND (t.queued_in IS NOT NULL OR t.next_attempt_at <= $3)
    ORDER BY t.subject_id, t.instance_id, t.id
    FOR UPDATE OF t
  ) AS waiting
  WHERE t.subject_id = waiting.subject_id AND t.instance_id = waiting.instance_id AND t.id = waiting.id
  RETURNING t.subject_id, t.instance_id, t.id, t.workflow_key, t.element_id, t.element_name, t.type, t.config, t.input,
    t.idempotency_key, t.attempts, t.max_attempts, t.backoff, t.created_at`;
