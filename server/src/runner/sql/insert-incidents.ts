import type { PoolClient } from 'pg';
import type { RowKey } from './row-key.js';
import { runOverRows } from './statement.js';

export interface NewIncidentRow extends RowKey {
  readonly workflow_key: string;
  readonly element_id: string;
  readonly type: string;
  readonly reason: string;
  readonly remedy: string;
  readonly choices: readonly string[];
  readonly raised_at: string;
}

/** Incidents that were raised. No locks beyond the new rows. */
export async function insertIncidents(client: PoolClient, rows: readonly NewIncidentRow[]): Promise<void> {
  await runOverRows(client, 'insert-incidents', text, rows);
}

const text = `
  INSERT INTO incident (subject_id, instance_id, id, workflow_key, element_id, type, reason, remedy, choices, raised_at)
  SELECT subject_id, instance_id, id, workflow_key, element_id, type, reason, remedy, choices, raised_at
  FROM json_to_recordset($1) AS r (subject_id text, instance_id uuid, id text, workflow_key text, element_id text, type text,
    reason text, remedy text, choices text[], raised_at timestamptz)`;
