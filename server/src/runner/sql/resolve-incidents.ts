import type { PoolClient } from 'pg';
import type { RowKey } from './row-key.js';
import { runOverRows } from './statement.js';

/** Incidents that are over. Locks: their rows, which only the holder of their instance writes. */
export async function resolveIncidents(
  client: PoolClient,
  rows: readonly (RowKey & { readonly resolved_at: string })[],
): Promise<void> {
  await runOverRows(client, 'resolve-incidents', text, rows);
}

const text = `
  UPDATE incident i SET resolved_at = r.resolved_at
  FROM json_to_recordset($1) AS r (subject_id text, instance_id uuid, id text, resolved_at timestamptz)
  WHERE i.subject_id = r.subject_id AND i.instance_id = r.instance_id AND i.id = r.id AND i.resolved_at IS NULL`;
