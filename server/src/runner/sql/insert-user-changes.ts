import type { PoolClient } from 'pg';
import type { Json } from '@xflow/engine';
import { runOverRows } from './statement.js';

export interface UserChangeRow {
  readonly subject_id: string;
  readonly at: string;
  readonly kind: string;
  readonly from_value: string | null;
  readonly to_value: string | null;
  readonly detail: Readonly<Record<string, Json>>;
  readonly reason: string;
  /** Null: the change was made over the API. */
  readonly instance_id: string | null;
  readonly workflow_key: string | null;
  readonly element_id: string | null;
}

/** What changed about users, and why; ids keep the order of the rows. No locks beyond the new rows. */
export async function insertUserChanges(client: PoolClient, rows: readonly UserChangeRow[]): Promise<void> {
  await runOverRows(client, 'insert-user-changes', text, rows);
}

const columns = `subject_id, at, kind, from_value, to_value, detail, reason, instance_id, workflow_key, element_id`;

const text = `
  INSERT INTO user_change (${columns})
  SELECT ${columns}
  FROM json_to_recordset($1) AS r (subject_id text, at timestamptz, kind text, from_value text, to_value text, detail jsonb,
    reason text, instance_id uuid, workflow_key text, element_id text)`;
