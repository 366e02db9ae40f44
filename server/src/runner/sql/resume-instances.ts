import type { PoolClient } from 'pg';
import { runOverRows } from './statement.js';
import type { SuspendedRow } from './suspend-instances.js';

/**
 * Ends suspensions: what was kept falls due now, in the order in which it was kept, and jobs are offered again. Returns the instances that
 * were suspended, and how many jobs each has. The conditions are written so that no index of what is suspended, or waits for ever, fits them: a plan that
 * was made when there was none of it took 25 s for 500 among 170,000 that were suspended since. Locks: the commands and tasks of instances that the batch holds.
 */
export async function resumeInstances(
  client: PoolClient,
  rows: readonly SuspendedRow[],
): Promise<readonly { readonly id: string; readonly jobs: number }[]> {
  return await runOverRows<{ id: string; jobs: number }>(client, 'resume-instances', text, rows);
}

const text = `
  WITH resumed AS (
    UPDATE instance i SET suspended_at = NULL
    FROM json_to_recordset($1) AS r (subject_id text, instance_id uuid, at timestamptz)
    WHERE i.subject_id = r.subject_id AND i.id = r.instance_id AND coalesce(i.suspended_at, 'infinity') <> 'infinity'
    RETURNING i.subject_id, i.id, r.at
  ), released AS (
    UPDATE command c SET due_at = c.held_at, held_at = NULL FROM resumed r
    WHERE c.subject_id = r.subject_id AND c.instance_id = r.id AND c.held_at IS NOT NULL
  ), offered AS (
    UPDATE task t SET next_attempt_at = r.at FROM resumed r
    WHERE t.subject_id = r.subject_id AND t.instance_id = r.id AND t.kind = 'job' AND t.next_attempt_at + '0' = 'infinity'
    RETURNING t.instance_id
  )
  SELECT r.id, count(o.instance_id)::int AS jobs FROM resumed r LEFT JOIN offered o ON o.instance_id = r.id GROUP BY r.id`;
