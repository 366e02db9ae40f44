import type { Pool } from 'pg';
import { toTimestamp } from '../../runner/sql/statement.js';
import type { BatchOperationRow } from '../batch-operation-row.js';

/** Renews the lease of an operation; null: it is over, or another server has taken it. Locks: its row. */
export async function renewOperation(
  pool: Pool,
  id: string,
  owner: string,
  until: number,
): Promise<BatchOperationRow | null> {
  const values = [id, owner, toTimestamp(until)];
  return (await pool.query<BatchOperationRow>({ name: 'renew-operation', text, values })).rows[0] ?? null;
}

const text = `
  UPDATE batch_operation SET lease_until = $3 WHERE id = $1 AND lease_owner = $2 AND ended_at IS NULL RETURNING *`;
