import type { PoolClient } from 'pg';
import { runOverRows } from './statement.js';
import type { RowKey } from './row-key.js';

/** Tasks that ended or were cancelled. Locks: their rows; a dispatcher that is just leasing one is waited for. */
export async function deleteTasks(client: PoolClient, rows: readonly RowKey[]): Promise<void> {
  await runOverRows(client, 'delete-tasks', text, rows);
}

const text = `
  DELETE FROM task t USING json_to_recordset($1) AS r (subject_id text, instance_id uuid, id text)
  WHERE t.subject_id = r.subject_id AND t.instance_id = r.instance_id AND t.id = r.id`;
