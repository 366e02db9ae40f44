import type { PoolClient } from 'pg';
import { runOverRows } from './statement.js';
import type { RowKey } from './row-key.js';

/** Subscriptions that were closed. */
export async function deleteSubscriptions(client: PoolClient, rows: readonly RowKey[]): Promise<void> {
  await runOverRows(client, 'delete-subscriptions', text, rows);
}

const text = `
  DELETE FROM subscription t USING json_to_recordset($1) AS r (subject_id text, instance_id uuid, id text)
  WHERE t.subject_id = r.subject_id AND t.instance_id = r.instance_id AND t.id = r.id`;
