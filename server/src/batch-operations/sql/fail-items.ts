import type { Pool } from 'pg';
import type { NextItem } from './next-items.js';

export interface FailedItem extends Pick<NextItem, 'subject_id' | 'instance_id' | 'incident_id'> {
  readonly reason: string;
}

/** Remembers why items could not be done, and counts them. Locks: the items, then the operation. */
export async function failItems(pool: Pool, operationId: string, items: readonly FailedItem[]): Promise<void> {
  if (items.length === 0) return;
  await pool.query({ name: 'fail-items', text, values: [JSON.stringify(items), operationId] });
}

const text = `
  WITH failed AS (
    UPDATE batch_operation_item i SET reason = r.reason
    FROM json_to_recordset($1) AS r (subject_id text, instance_id uuid, incident_id text, reason text)
    WHERE i.subject_id = r.subject_id AND i.instance_id = r.instance_id AND i.operation_id = $2
      AND i.incident_id = r.incident_id AND i.reason IS NULL
    RETURNING 1
  )
  UPDATE batch_operation SET failed = failed + (SELECT count(*) FROM failed)::int WHERE id = $2`;
