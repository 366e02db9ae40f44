import type { Json, Variables } from '@xflow/engine';
import type { Pool } from 'pg';
import { toTimestamp } from '../../runner/sql/statement.js';

export interface LeasedJob {
  readonly subject_id: string;
  readonly instance_id: string;
  readonly id: string;
  readonly workflow_key: string;
  readonly element_id: string;
  readonly type: string;
  readonly config: Variables;
  readonly input: Readonly<Record<string, Json>>;
  readonly idempotency_key: string;
  /** 1 for the first attempt. */
  readonly attempts: number;
}

/**
 * Leases jobs that may be attempted now, those that wait longest first. A lease lasts until `next_attempt_at`, and then anyone may
 * take the job: its holder has died, or hangs. Counting the attempt here bounds those of a job that ends its server.
 * Locks: the rows, SKIP LOCKED, so that dispatchers take different jobs and never wait.
 */
export async function leaseJobs(
  pool: Pool,
  owner: string,
  now: number,
  leasedUntil: number,
  limit: number,
): Promise<readonly LeasedJob[]> {
  const values = [toTimestamp(now), owner, toTimestamp(leasedUntil), limit];
  return (await pool.query<LeasedJob>({ name: 'lease-jobs', text, values })).rows;
}

const text = `
  WITH next AS (
    SELECT subject_id, instance_id, id FROM task WHERE kind = 'job' AND next_attempt_at <= $1
    ORDER BY next_attempt_at LIMIT $4 FOR UPDATE SKIP LOCKED
  )
  UPDATE task t SET lease_owner = $2, next_attempt_at = $3, attempts = t.attempts + 1
  FROM next n WHERE t.subject_id = n.subject_id AND t.instance_id = n.instance_id AND t.id = n.id
  RETURNING t.subject_id, t.instance_id, t.id, t.workflow_key, t.element_id, t.type, t.config, t.input, t.idempotency_key, t.attempts`;
