import type { Pool } from 'pg';
import type { RowKey } from '../../runner/sql/row-key.js';

/** What the id of a task says. */
export interface TaskAddress {
  readonly instance_id: string;
  readonly id: string;
}

export interface FoundTask extends RowKey {
  readonly kind: 'job' | 'user';
  readonly attempts: number;
  /** Null: what is usual for the type. */
  readonly max_attempts: number | null;
  /** Milliseconds after each attempt; null: as usual. */
  readonly backoff: readonly number[] | null;
  readonly lease_owner: string | null;
  readonly leased_until: Date;
}

/** The open tasks at these addresses; takes no locks. */
export async function findTasks(pool: Pool, addresses: readonly TaskAddress[]): Promise<readonly FoundTask[]> {
  if (addresses.length === 0) return [];
  const values = [addresses.map((address) => address.instance_id), addresses.map((address) => address.id)];
  return (await pool.query<FoundTask>({ name: 'find-tasks', text, values })).rows;
}

const text = `
  SELECT t.subject_id, t.instance_id, t.id, t.kind, t.attempts, t.max_attempts, t.backoff, t.lease_owner,
    t.next_attempt_at AS leased_until
  FROM unnest($1::uuid[], $2::text[]) AS asked (instance_id, id)
  JOIN instance i ON i.id = asked.instance_id
  JOIN task t ON t.subject_id = i.subject_id AND t.instance_id = i.id AND t.id = asked.id`;
