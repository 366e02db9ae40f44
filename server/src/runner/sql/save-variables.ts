import type { PoolClient } from 'pg';
import { runOverRows } from './statement.js';

export interface SearchableRow {
  readonly subject_id: string;
  readonly instance_id: string;
  readonly name: string;
  /** Null: nothing that can be looked for. */
  readonly value: string | null;
}

/** Variables by which instances are found, where they have changed. Locks: their rows, of instances that the batch holds. */
export async function saveVariables(client: PoolClient, rows: readonly SearchableRow[]): Promise<void> {
  await runOverRows(client, 'save-variables', text, rows);
}

const text = `
  INSERT INTO instance_variable AS v (subject_id, instance_id, name, value)
  SELECT subject_id, instance_id, name, value
  FROM json_to_recordset($1) AS r (subject_id text, instance_id uuid, name text, value text)
  ON CONFLICT (subject_id, instance_id, name) DO UPDATE SET value = excluded.value
  WHERE v.value IS DISTINCT FROM excluded.value`;
