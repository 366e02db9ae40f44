import type { Pool } from 'pg';
import type { RowKey } from '../../runner/sql/row-key.js';
import { toTimestamp } from '../../runner/sql/statement.js';

/** Makes a lease that still holds end at `until`; false: it does not hold any more. Locks: the row. */
export async function extendLease(
  pool: Pool,
  { subject_id, instance_id, id }: RowKey,
  token: string,
  now: number,
  until: number,
): Promise<boolean> {
  const values = [subject_id, instance_id, id, token, toTimestamp(now), toTimestamp(until)];
  return (await pool.query({ name: 'extend-lease', text, values })).rowCount === 1;
}

const text = `
  UPDATE task SET next_attempt_at = $6
  WHERE subject_id = $1 AND instance_id = $2 AND id = $3 AND lease_owner = $4 AND next_attempt_at > $5`;
