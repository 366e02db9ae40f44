import type { Pool } from 'pg';
import { toTimestamp } from '../../runner/sql/statement.js';
import { storedFormat } from '../../runner/stored-format.js';
import { leasedColumns, mostLeasedBytes, type LeasedJob } from '../../task-dispatch/sql/lease-jobs.js';

/** A request that waits for tasks. */
export interface TaskTaker {
  /** Of the leases. */
  readonly token: string;
  readonly worker: string;
  readonly most: number;
  /** When the leases end: milliseconds since 1970. */
  readonly until: number;
}

export interface LeasedTask extends LeasedJob {
  /** Of the taker. */
  readonly lease_owner: string;
}

/**
 * Leases tasks to all who wait for the same types, those that wait longest to the first of them until it has enough, then to the next; otherwise as
 * lease-jobs.ts. Locks: the rows, SKIP LOCKED.
 *
 * One statement for all: a hundred requests for a task each cost 140 µs of PostgreSQL's processor time a task, and 1,300 with a statement each, which
 * all step over what the ones before have taken; for ten tasks each 85 and 155; few large ones the same (30). The places are named twice, as an array and
 * by the join, so that they are looked up, and never joined with the whole table.
 */
export async function leaseTasks(
  pool: Pool,
  types: readonly string[],
  takers: readonly TaskTaker[],
  now: number,
): Promise<readonly LeasedTask[]> {
  const values = [
    types,
    toTimestamp(now),
    takers.map(({ token }) => token),
    takers.map(({ worker }) => worker),
    takers.map(({ most }) => most),
    takers.map(({ until }) => toTimestamp(until)),
    takers.reduce((sum, { most }) => sum + most, 0),
    mostLeasedBytes,
  ];
  return (await pool.query<LeasedTask>({ name: 'lease-tasks', text, values })).rows;
}

const text = `
  WITH taker AS (
    SELECT token, worker, until, sum(most) OVER earlier_first - most AS first, sum(most) OVER earlier_first AS last
    FROM unnest($3::uuid[], $4::text[], $5::int[], $6::timestamptz[]) WITH ORDINALITY AS t (token, worker, most, until, number)
    WINDOW earlier_first AS (ORDER BY number)
  ), due AS (
    SELECT t.place, t.next_attempt_at, t.bytes
    FROM unnest($1::text[]) AS wanted (type)
    CROSS JOIN LATERAL (
      SELECT ctid AS place, next_attempt_at, octet_length(config::text) + octet_length(input::text) AS bytes
      FROM task WHERE kind = 'job' AND type = wanted.type AND next_attempt_at <= $2 AND format <= ${storedFormat}
      ORDER BY next_attempt_at LIMIT $7 FOR UPDATE SKIP LOCKED
    ) AS t
  ), measured AS (
    SELECT place, row_number() OVER longest_first AS number, sum(bytes) OVER longest_first - bytes AS bytes_before
    FROM due WINDOW longest_first AS (ORDER BY next_attempt_at, place)
  ), given AS (
    SELECT measured.place, taker.token, taker.worker, taker.until
    FROM measured JOIN taker ON measured.number > taker.first AND measured.number <= taker.last WHERE bytes_before < $8
  )
  UPDATE task SET lease_owner = given.token, worker = given.worker, next_attempt_at = given.until, attempts = attempts + 1
  FROM given WHERE task.ctid = given.place AND task.ctid = ANY (ARRAY(SELECT place FROM given))
  RETURNING ${leasedColumns}, lease_owner`;
