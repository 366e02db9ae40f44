import type { PoolClient } from 'pg';
import { runOverRows } from './statement.js';

export interface SuspendedRow {
  readonly subject_id: string;
  readonly instance_id: string;
  readonly at: string;
}

/** Suspends instances that are active; returns those that were not suspended before. Locks: none new, the batch holds them all. */
export async function suspendInstances(
  client: PoolClient,
  rows: readonly SuspendedRow[],
): Promise<readonly { readonly id: string }[]> {
  return await runOverRows<{ id: string }>(client, 'suspend-instances', text, rows);
}

const text = `
  UPDATE instance i SET suspended_at = r.at
  FROM json_to_recordset($1) AS r (subject_id text, instance_id uuid, at timestamptz)
  WHERE i.subject_id = r.subject_id AND i.id = r.instance_id AND i.suspended_at IS NULL AND i.status = 'active'
  RETURNING i.id`;
