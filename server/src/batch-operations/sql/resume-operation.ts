import type { Pool } from 'pg';

/**
 * Lets an operation that was cancelled, or in which something failed, choose its instances anew. False: it is under way, or has done all.
 * Locks: the operation, then the items that failed, which are forgotten.
 */
export async function resumeOperation(pool: Pool, id: string): Promise<boolean> {
  return (await pool.query({ name: 'resume-operation', text, values: [id] })).rowCount === 1;
}

const text = `
  WITH resumed AS (
    UPDATE batch_operation SET status = 'collecting', collected_to = NULL, total = done, failed = 0, ended_at = NULL
    WHERE id = $1 AND ended_at IS NOT NULL AND (status = 'cancelled' OR failed > 0) RETURNING id
  ), forgotten AS (
    DELETE FROM batch_operation_item i USING resumed r WHERE i.operation_id = r.id
  )
  SELECT id FROM resumed`;
