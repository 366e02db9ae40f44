import type { Json, Variables } from '@xflow/engine';
import type { Pool, PoolClient } from 'pg';
import { toTimestamp } from '../../runner/sql/statement.js';
import { storedFormat } from '../../runner/stored-format.js';

export interface LeasedJob {
  readonly subject_id: string;
  readonly instance_id: string;
  readonly id: string;
  readonly workflow_key: string;
  readonly element_id: string;
  readonly element_name: string | null;
  readonly type: string;
  readonly config: Variables;
  readonly input: Readonly<Record<string, Json>>;
  readonly idempotency_key: string;
  /** 1 for the first attempt. */
  readonly attempts: number;
  /** Null: what is usual for the type. */
  readonly max_attempts: number | null;
  /** Milliseconds after each attempt; null: as usual. */
  readonly backoff: readonly number[] | null;
  readonly created_at: Date;
}

export const leasedColumns = `subject_id, instance_id, id, workflow_key, element_id, element_name, type, config, input, idempotency_key,
  attempts, max_attempts, backoff, created_at`;

export interface LeaseOrder {
  /** Most jobs of each type. */
  readonly rooms: ReadonlyMap<string, number>;
  /** Most jobs in all, those of types with a higher priority first. */
  readonly limit: number;
  /** By type; 0 where there is none. */
  readonly priorities: ReadonlyMap<string, number>;
  /** The server. */
  readonly owner: string;
  readonly now: number;
  readonly until: number;
}

/** Jobs are leased until their configurations and inputs reach this size, so that large ones do not fill the memory. */
export const mostLeasedBytes = 8 * 1024 * 1024;

/**
 * Leases jobs that may be attempted now, of types of the same priority those that wait longest first. A lease lasts until `next_attempt_at`, and then anyone may
 * take the job: its holder has died, or hangs. Counting the attempt here bounds those of a job that ends its holder.
 *
 * Every type is read from its own place in the index, so that a backlog of one costs the others nothing (`type = ANY` walked through
 * all that was due). Locks: the rows, SKIP LOCKED, so that takers take different jobs and never wait; those locked beyond the
 * limits are given back at the commit. Updated by their places, as in take-commands.ts.
 */
export async function leaseJobs(pool: Pool | PoolClient, order: LeaseOrder): Promise<readonly LeasedJob[]> {
  const { rooms, limit, priorities, owner, now, until } = order;
  if (rooms.size === 0) return [];
  const values = [
    [...rooms.keys()],
    [...rooms.values()],
    toTimestamp(now),
    owner,
    toTimestamp(until),
    limit,
    mostLeasedBytes,
    [...rooms.keys()].map((type) => priorities.get(type) ?? 0),
  ];
  return (await pool.query<LeasedJob>({ name: 'lease-jobs', text, values })).rows;
}

const text = `
  WITH due AS (
    SELECT t.place, t.next_attempt_at, t.bytes, wanted.priority
    FROM unnest($1::text[], $2::int[], $8::float8[]) AS wanted (type, room, priority)
    CROSS JOIN LATERAL (
      SELECT ctid AS place, next_attempt_at, octet_length(config::text) + octet_length(input::text) AS bytes
      FROM task WHERE kind = 'job' AND type = wanted.type AND next_attempt_at <= $3 AND format <= ${storedFormat}
      ORDER BY next_attempt_at LIMIT wanted.room FOR UPDATE SKIP LOCKED
    ) AS t
  ), measured AS (
    SELECT place, row_number() OVER first_come AS number, sum(bytes) OVER first_come - bytes AS bytes_before
    FROM due WINDOW first_come AS (ORDER BY priority DESC, next_attempt_at, place)
  )
  UPDATE task SET lease_owner = $4, worker = NULL, next_attempt_at = $5, attempts = attempts + 1
  WHERE ctid = ANY (ARRAY(SELECT place FROM measured WHERE number <= $6 AND bytes_before < $7))
  RETURNING ${leasedColumns}`;
