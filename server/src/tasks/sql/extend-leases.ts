import type { Pool } from 'pg';
import type { RowKey } from '../../runner/sql/row-key.js';
import { toTimestamp } from '../../runner/sql/statement.js';

export interface LeaseExtension extends RowKey {
  /** Of the lease. */
  readonly token: string;
  /** When it shall end: milliseconds since 1970. */
  readonly until: number;
}

/** Makes leases that still hold end later, or earlier. Locks: the rows, in the order of their key. @returns of each whether it still held */
export async function extendLeases(pool: Pool, leases: readonly LeaseExtension[], now: number): Promise<boolean[]> {
  const { rows } = await pool.query<{ number: number }>({
    name: 'extend-leases',
    text,
    values: [
      leases.map((lease) => lease.subject_id),
      leases.map((lease) => lease.instance_id),
      leases.map((lease) => lease.id),
      leases.map((lease) => lease.token),
      leases.map((lease) => toTimestamp(lease.until)),
      toTimestamp(now),
    ],
  });
  const held = new Set(rows.map(({ number }) => number));
  return leases.map((_lease, index) => held.has(index + 1));
}

const text = `
  WITH held AS (
    SELECT t.subject_id, t.instance_id, t.id, r.until, r.number
    FROM unnest($1::text[], $2::uuid[], $3::text[], $4::uuid[], $5::timestamptz[]) WITH ORDINALITY
      AS r (subject_id, instance_id, id, token, until, number)
    JOIN task t ON t.subject_id = r.subject_id AND t.instance_id = r.instance_id AND t.id = r.id
    WHERE t.lease_owner = r.token AND t.next_attempt_at > $6
    ORDER BY t.subject_id, t.instance_id, t.id, r.number
    FOR UPDATE OF t
  ), extended AS (
    UPDATE task t SET next_attempt_at = held.until FROM held
    WHERE t.subject_id = held.subject_id AND t.instance_id = held.instance_id AND t.id = held.id
  )
  SELECT number::int FROM held`;
