import type { Pool } from 'pg';
import { instanceConditions } from '../../instances/instance-filter.js';
import type { BatchOperationRow } from '../batch-operation-row.js';

/** Instances that one statement looks at. */
const chunk = 5_000;

/**
 * Chooses the next instances of an operation, in the order of their ids, and remembers how far it has come: in one statement, so that
 * whoever goes on after a crash begins where this one ended. Those that were started after the order are left out.
 * Locks: the operation. The instances are only read: what they are when their turn comes decides.
 */
export async function collectItems(pool: Pool, { id, action, filter, created_at }: BatchOperationRow): Promise<void> {
  const values: unknown[] = [id, created_at, chunk];
  const conditions = instanceConditions({ ...filter, status: 'active' }, values);
  await pool.query(text(conditions.join(' AND '), action === 'retry-incidents'), values);
}

const text = (conditions: string, byIncident: boolean): string => `
  WITH operation AS (
    SELECT id, collected_to FROM batch_operation WHERE id = $1 AND status = 'collecting' FOR UPDATE
  ), chosen AS (
    SELECT i.subject_id, i.id FROM instance i, operation o
    WHERE ${conditions} AND i.started_at <= $2 AND (o.collected_to IS NULL OR i.id > o.collected_to)
    ORDER BY i.id LIMIT $3
  ), item AS (
    INSERT INTO batch_operation_item (subject_id, instance_id, operation_id, incident_id)
    SELECT c.subject_id, c.id, $1, ${byIncident ? 't.id' : `''`} FROM chosen c
    ${byIncident ? 'JOIN incident t ON t.subject_id = c.subject_id AND t.instance_id = c.id AND t.resolved_at IS NULL' : ''}
    RETURNING 1
  )
  UPDATE batch_operation b
  SET total = total + (SELECT count(*) FROM item)::int,
      collected_to = coalesce((SELECT id FROM chosen ORDER BY id DESC LIMIT 1), b.collected_to),
      status = CASE WHEN (SELECT count(*) FROM chosen) < $3 THEN 'running' ELSE 'collecting' END
  FROM operation o WHERE b.id = o.id`;
