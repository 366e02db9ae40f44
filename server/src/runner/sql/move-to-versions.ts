import type { PoolClient } from 'pg';
import { runOverRows } from './statement.js';

/** Instances that were migrated belong to other versions. Locks: none new, the batch holds them all. */
export async function moveToVersions(
  client: PoolClient,
  rows: readonly { readonly subject_id: string; readonly id: string; readonly version: number }[],
): Promise<void> {
  await runOverRows(client, 'move-to-versions', text, rows);
}

const text = `
  UPDATE instance i SET version = r.version
  FROM json_to_recordset($1) AS r (subject_id text, id uuid, version int)
  WHERE i.subject_id = r.subject_id AND i.id = r.id`;
