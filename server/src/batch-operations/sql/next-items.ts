import type { Pool } from 'pg';

export interface NextItem {
  readonly subject_id: string;
  readonly instance_id: string;
  /** Empty: it is about the instance. */
  readonly incident_id: string;
  /** Of the incident; null: it is about the instance. */
  readonly incident_type: string | null;
}

/** What is still to be done for an operation, in the order of the instances' ids. Takes no locks. */
export async function nextItems(pool: Pool, operationId: string, limit: number): Promise<readonly NextItem[]> {
  return (await pool.query<NextItem>({ name: 'next-items', text, values: [operationId, limit] })).rows;
}

const text = `
  SELECT i.subject_id, i.instance_id, i.incident_id, t.type AS incident_type FROM (
    SELECT * FROM batch_operation_item WHERE operation_id = $1 AND (reason IS NULL) = true
    ORDER BY instance_id, incident_id LIMIT $2
  ) AS i
  LEFT JOIN incident t ON t.subject_id = i.subject_id AND t.instance_id = i.instance_id AND t.id = i.incident_id
  ORDER BY i.instance_id, i.incident_id`;
