import type { PoolClient } from 'pg';
import { runOverRows } from './statement.js';

/**
 * Makes the commands due that a faulty instance could not take, and closes the incident; returns the incidents that were open.
 * Locks: the incident and the commands, of instances that the batch holds.
 */
export async function resumeParkedCommands(
  client: PoolClient,
  rows: readonly { subject_id: string; instance_id: string; id: string; at: string }[],
): Promise<readonly { instance_id: string; id: string }[]> {
  return await runOverRows<{ instance_id: string; id: string }>(client, 'resume-parked-commands', text, rows);
}

const text = `
  WITH retried AS (
    SELECT * FROM json_to_recordset($1) AS r (subject_id text, instance_id uuid, id text, at timestamptz)
  ), closed AS (
    UPDATE incident i SET resolved_at = r.at FROM retried r
    WHERE i.subject_id = r.subject_id AND i.instance_id = r.instance_id AND i.id = r.id AND i.resolved_at IS NULL
    RETURNING i.subject_id, i.instance_id, i.id, r.at
  ), counted AS (
    UPDATE instance i SET open_incidents = i.open_incidents - c.incidents
    FROM (SELECT subject_id, instance_id, count(*)::int AS incidents FROM closed GROUP BY 1, 2) AS c
    WHERE i.subject_id = c.subject_id AND i.id = c.instance_id
  ), resumed AS (
    UPDATE command c SET due_at = r.at FROM closed r
    WHERE c.subject_id = r.subject_id AND c.instance_id = r.instance_id AND c.due_at = 'infinity'
  )
  SELECT instance_id, id FROM closed`;
