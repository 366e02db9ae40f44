import type { PoolClient } from 'pg';
import { runOverRows } from './statement.js';

/** One change of a batch operation. `incident_id` is empty where it is not about an incident. */
export interface OperationItem {
  readonly operation_id: string;
  readonly subject_id: string;
  readonly instance_id: string;
  readonly incident_id: string;
}

/**
 * Counts what was done for batch operations, in the transaction that did it: so nothing is done, or counted, twice. The last statement of
 * a batch, because it takes turns with other batches that work for the same operation.
 * Locks: the items, then the operations in the order of their ids.
 */
export async function finishItems(client: PoolClient, items: readonly OperationItem[]): Promise<void> {
  await runOverRows(client, 'finish-items', text, items);
}

const text = `
  WITH finished AS (
    DELETE FROM batch_operation_item i
    USING json_to_recordset($1) AS r (operation_id uuid, subject_id text, instance_id uuid, incident_id text)
    WHERE i.subject_id = r.subject_id AND i.instance_id = r.instance_id AND i.operation_id = r.operation_id
      AND i.incident_id = r.incident_id AND i.reason IS NULL
    RETURNING i.operation_id
  ), counted AS (
    SELECT operation_id, count(*)::int AS items FROM finished GROUP BY operation_id
  ), locked AS (
    SELECT o.id, c.items FROM batch_operation o JOIN counted c ON c.operation_id = o.id ORDER BY o.id FOR UPDATE OF o
  )
  UPDATE batch_operation o SET done = o.done + l.items FROM locked l WHERE o.id = l.id`;
