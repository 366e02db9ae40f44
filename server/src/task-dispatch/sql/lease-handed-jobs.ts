import type { Pool } from 'pg';
import type { RowKey } from '../../runner/sql/row-key.js';
import { toTimestamp } from '../../runner/sql/statement.js';
import { storedFormat } from '../../runner/stored-format.js';
import { leasedColumns, mostLeasedBytes, type LeasedJob } from './lease-jobs.js';

export interface LeasedHandedJobs {
  readonly jobs: readonly LeasedJob[];
  /** Whether some were too large to be leased with these, and are due again. */
  readonly someAreLeft: boolean;
}

/**
 * Leases the jobs that Redis names, if they still wait: one that was leased from a duplicate, was cancelled, or is to be attempted later, is not
 * among those returned, nor is one that is changed in the same moment: it is put into Redis again later. At least one is leased, and no more than `mostLeasedBytes`
 * let; the others are due at once, and not in Redis any more. Counting the attempt here bounds those of a job that ends its holder. Locks: the rows, in the order of their key.
 *
 * Every key is looked up by itself (LATERAL, LIMIT), whatever the planner believes about the table. Joined with the keys, a table that is small, but
 * full of dead rows, was read from end to end for each set: 222 µs of PostgreSQL's processor time a job for sets of 32, and 72 for 128, instead of 35 and 22.
 */
export async function leaseHandedJobs(
  pool: Pool,
  jobs: readonly RowKey[],
  owner: string,
  now: number,
  until: number,
): Promise<LeasedHandedJobs> {
  const values = [
    jobs.map((job) => job.subject_id),
    jobs.map((job) => job.instance_id),
    jobs.map((job) => job.id),
    owner,
    toTimestamp(now),
    toTimestamp(until),
    mostLeasedBytes,
  ];
  const { rows } = await pool.query<LeasedJob & { readonly some_are_left: boolean }>({
    name: 'lease-handed-jobs',
    text,
    values,
  });
  return { jobs: rows, someAreLeft: rows[0]?.some_are_left ?? false };
}

const text = `
  WITH waiting AS (
    SELECT t.place, t.bytes
    FROM (
      SELECT subject_id, instance_id, id FROM unnest($1::text[], $2::uuid[], $3::text[]) AS r (subject_id, instance_id, id) ORDER BY 1, 2, 3
    ) AS r
    CROSS JOIN LATERAL (
      SELECT ctid AS place, octet_length(config::text) + octet_length(input::text) AS bytes FROM task
      WHERE subject_id = r.subject_id AND instance_id = r.instance_id AND id = r.id
        AND kind = 'job' AND format <= ${storedFormat} AND (queued_in IS NOT NULL OR next_attempt_at <= $5)
      LIMIT 1 FOR UPDATE
    ) AS t
  ), measured AS (
    SELECT place, sum(bytes) OVER (ORDER BY place ROWS UNBOUNDED PRECEDING) - bytes AS bytes_before FROM waiting
  ), left_over AS (
    UPDATE task SET lease_owner = NULL, worker = NULL, queued_in = NULL, next_attempt_at = $5
    WHERE ctid = ANY (ARRAY(SELECT place FROM measured WHERE bytes_before >= $7))
    RETURNING id
  ), leased AS (
    UPDATE task SET lease_owner = $4, worker = NULL, queued_in = NULL, next_attempt_at = $6, attempts = attempts + 1
    WHERE ctid = ANY (ARRAY(SELECT place FROM measured WHERE bytes_before < $7))
    RETURNING ${leasedColumns}
  )
  SELECT leased.*, EXISTS (SELECT FROM left_over) AS some_are_left FROM leased`;
