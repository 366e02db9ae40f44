import type { Pool } from 'pg';
import { toTimestamp } from '../../runner/sql/statement.js';
import type { BatchOperationRow } from '../batch-operation-row.js';

/**
 * Takes operations that nobody works on: new ones, and those whose server has not renewed its lease. Returns them, and those that the server
 * has already. Locks: the rows, SKIP LOCKED.
 */
export async function takeOperations(
  pool: Pool,
  owner: string,
  now: number,
  until: number,
): Promise<readonly BatchOperationRow[]> {
  const values = [owner, toTimestamp(now), toTimestamp(until)];
  return (await pool.query<BatchOperationRow>({ name: 'take-operations', text, values })).rows;
}

const text = `
  WITH open AS (
    SELECT id FROM batch_operation
    WHERE ended_at IS NULL AND (lease_owner IS NULL OR lease_owner = $1 OR lease_until <= $2)
    ORDER BY created_at LIMIT 10 FOR UPDATE SKIP LOCKED
  )
  UPDATE batch_operation b SET lease_owner = $1, lease_until = $3 FROM open o WHERE b.id = o.id RETURNING b.*`;
