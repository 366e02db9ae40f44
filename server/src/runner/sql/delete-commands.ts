import type { PoolClient } from 'pg';
import { runOverRows } from './statement.js';
import type { RowKey } from './row-key.js';

/** Timers that were cancelled. One that is due already may be gone: then its command was taken in this very batch. */
export async function deleteCommands(client: PoolClient, rows: readonly RowKey[]): Promise<void> {
  await runOverRows(client, 'delete-commands', text, rows);
}

const text = `
  DELETE FROM command t USING json_to_recordset($1) AS r (subject_id text, instance_id uuid, id text)
  WHERE t.subject_id = r.subject_id AND t.instance_id = r.instance_id AND t.id = r.id`;
