import type { JobSummary } from '@xflow/schemas';
import type { Pool } from 'pg';
import { toTimestamp } from '../../runner/sql/statement.js';

export interface JobRow {
  readonly subject_id: string;
  readonly instance_id: string;
  readonly id: string;
  readonly workflow_key: string;
  readonly element_id: string;
  readonly element_name: string | null;
  readonly type: string;
  readonly state: JobSummary['state'];
  readonly worker: string | null;
  /** Infinity: of a suspended instance. */
  readonly next_attempt_at: Date | number;
  readonly attempts: number;
  readonly max_attempts: number | null;
  readonly last_error: string | null;
  readonly created_at: Date;
}

/** What jobs must meet; null: anything. */
export interface JobFilter {
  readonly type: string | null;
  readonly workflow: string | null;
  readonly state: JobSummary['state'] | null;
  readonly worker: string | null;
  readonly userId: string | null;
  readonly instanceId: string | null;
}

/** Where a page ended. */
export interface JobPosition {
  readonly type: string;
  /** Milliseconds since 1970; any time beyond the year 9999 stands for never. */
  readonly at: number;
  readonly instanceId: string;
  readonly id: string;
}

/**
 * Jobs by type, and those of a type by the time from which they may be taken; takes no locks.
 *
 * Every type is read from its own place in the index that leases are taken by, from the first job that may be meant: so no index is kept
 * for this list alone, which every lease would pay for, and a backlog of a million does not stand before what is leased. The types
 * themselves are found by steps through the same index, one each. Among 300,000 jobs of five types, a page of 100: 6 ms; what is leased of them:
 * 3 ms; deep in the list: 16 ms.
 */
export async function findJobs(
  pool: Pool,
  { type, workflow, state, worker, userId, instanceId }: JobFilter,
  after: JobPosition | null,
  now: number,
  limit: number,
): Promise<readonly JobRow[]> {
  const values = [
    ...[type, workflow, state, worker, userId, instanceId, toTimestamp(now), limit],
    ...(after ? [after.type, toTimestamp(after.at), after.instanceId, after.id] : [null, null, null, null]),
  ];
  return (await pool.query<JobRow>({ name: 'find-jobs', text, values })).rows;
}

const text = `
  WITH RECURSIVE types (type) AS (
    SELECT coalesce($1, (SELECT min(type) FROM task WHERE kind = 'job' AND type >= coalesce($9, '')))
    UNION ALL
    SELECT (SELECT min(task.type) FROM task WHERE kind = 'job' AND task.type > types.type) FROM types
    WHERE types.type IS NOT NULL AND $1 IS NULL
  )
  SELECT found.* FROM types CROSS JOIN LATERAL (
    SELECT * FROM (
      SELECT subject_id, instance_id, id, workflow_key, element_id, element_name, type, worker, next_attempt_at, attempts, max_attempts,
        left(last_error, 2000) AS last_error, created_at,
        CASE WHEN next_attempt_at = 'infinity' THEN 'suspended' WHEN next_attempt_at <= $7 THEN 'open'
          WHEN lease_owner IS NOT NULL THEN 'leased' WHEN queued_in IS NOT NULL THEN 'open' ELSE 'retry' END AS state
      FROM task
      WHERE kind = 'job' AND type = types.type
        AND next_attempt_at >= CASE $3 WHEN 'suspended' THEN 'infinity' WHEN 'leased' THEN $7 WHEN 'retry' THEN $7 ELSE '-infinity' END::timestamptz
        AND ($9::text IS NULL OR type > $9 OR (next_attempt_at >= $10 AND (next_attempt_at, instance_id, id) > ($10, $11::uuid, $12)))
    ) AS job
    WHERE ($3::text IS NULL OR state = $3) AND ($2::text IS NULL OR workflow_key = $2) AND ($5::text IS NULL OR subject_id = $5)
      AND ($6::uuid IS NULL OR instance_id = $6) AND ($4::text IS NULL OR (state = 'leased' AND worker = $4))
    ORDER BY next_attempt_at, instance_id, id LIMIT $8
  ) AS found
  ORDER BY type, next_attempt_at, instance_id, id LIMIT $8`;
