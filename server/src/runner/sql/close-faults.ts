import type { PoolClient } from 'pg';
import { runOverRows } from './statement.js';

export interface EndedInstanceRow {
  readonly subject_id: string;
  readonly instance_id: string;
  readonly at: string;
}

/**
 * Closes the incidents of ended instances that the runner had raised. What was kept for their retries falls due now: messages among it find other
 * receivers. Locks: the incidents and the commands, of instances that the batch holds.
 */
export async function closeFaults(client: PoolClient, rows: readonly EndedInstanceRow[]): Promise<void> {
  await runOverRows(client, 'close-faults', text, rows);
}

const text = `
  WITH ended AS (
    SELECT * FROM json_to_recordset($1) AS r (subject_id text, instance_id uuid, at timestamptz)
  ), closed AS (
    UPDATE incident i SET resolved_at = r.at FROM ended r
    WHERE i.subject_id = r.subject_id AND i.instance_id = r.instance_id AND i.resolved_at IS NULL
  )
  UPDATE command c SET due_at = r.at FROM ended r
  WHERE c.subject_id = r.subject_id AND c.instance_id = r.instance_id AND c.due_at + '0' = 'infinity' AND c.held_at IS NULL`;
