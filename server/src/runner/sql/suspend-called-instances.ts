import type { PoolClient } from 'pg';
import { runOverRows } from './statement.js';

export interface CallerSuspension {
  readonly subject_id: string;
  /** The caller. */
  readonly instance_id: string;
  /** Of the commands. */
  readonly id: string;
  readonly suspended: boolean;
  readonly at: string;
}

/**
 * Puts a suspension, or a resumption, into the inbox of every active instance that these have called; returns whether there were any. Each passes it on to those
 * that it has called itself. No locks beyond the new rows: the called instance is not touched, another runner may hold it.
 */
export async function suspendCalledInstances(
  client: PoolClient,
  callers: readonly CallerSuspension[],
): Promise<boolean> {
  return (await runOverRows<{ instance_id: string }>(client, 'suspend-called-instances', text, callers)).length > 0;
}

const text = `
  INSERT INTO command (subject_id, instance_id, id, due_at, kind, payload)
  SELECT i.subject_id, i.id, r.id, r.at, 'suspension', json_build_object('suspended', r.suspended)
  FROM json_to_recordset($1) AS r (subject_id text, instance_id uuid, id text, suspended boolean, at timestamptz)
  JOIN instance i ON i.subject_id = r.subject_id AND i.parent_instance_id = r.instance_id AND i.status = 'active'
  RETURNING instance_id`;
