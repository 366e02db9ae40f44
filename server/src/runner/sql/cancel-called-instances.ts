import type { PoolClient } from 'pg';
import { runOverRows } from './statement.js';

export interface CancelledCall {
  readonly subject_id: string;
  readonly parent_instance_id: string;
  readonly parent_call_id: string;
  readonly due_at: string;
}

/**
 * Puts a cancellation into the inbox of every instance that a cancelled call had started, one of this very batch included:
 * so it runs after insert-instances.ts. No locks beyond the new rows; the child itself is not touched, another runner may
 * hold it, and a child that has ended meanwhile ignores the command.
 */
export async function cancelCalledInstances(client: PoolClient, rows: readonly CancelledCall[]): Promise<void> {
  await runOverRows(client, 'cancel-called-instances', text, rows);
}

const text = `
  INSERT INTO command (subject_id, instance_id, id, due_at, kind, payload)
  SELECT i.subject_id, i.id, 'cancelled', r.due_at, 'cancelled',
    '{"input":{"kind":"cancelled","reason":"The instance that called this one left the call activity."}}'
  FROM json_to_recordset($1) AS r (subject_id text, parent_instance_id uuid, parent_call_id text, due_at timestamptz)
  JOIN instance i ON i.subject_id = r.subject_id AND i.parent_instance_id = r.parent_instance_id
    AND i.parent_call_id = r.parent_call_id
  ON CONFLICT DO NOTHING`;
