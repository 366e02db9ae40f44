import type { Pool } from 'pg';
import { toTimestamp } from '../../runner/sql/statement.js';

/** Ends an operation, once; what was still to be done is forgotten, what failed stays. False: it was over. Locks: its row and its items. */
export async function endOperation(
  pool: Pool,
  id: string,
  status: 'done' | 'cancelled',
  now: number,
): Promise<boolean> {
  const { rowCount } = await pool.query({ name: 'end-operation', text, values: [id, status, toTimestamp(now)] });
  return rowCount === 1;
}

const text = `
  WITH ended AS (
    UPDATE batch_operation SET status = $2, ended_at = $3, lease_owner = NULL, lease_until = NULL
    WHERE id = $1 AND ended_at IS NULL RETURNING id
  ), forgotten AS (
    DELETE FROM batch_operation_item i USING ended e WHERE i.operation_id = e.id AND i.reason IS NULL
  )
  SELECT id FROM ended`;
