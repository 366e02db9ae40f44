import type { PoolClient } from 'pg';
import { invariant } from '../../invariant.js';
import { runOverStates } from './statement.js';

export interface ChangedInstanceRow {
  readonly subject_id: string;
  readonly id: string;
  /** As it was when the instance was locked. */
  readonly expected_revision: number;
  readonly status: string;
  readonly revision: number;
  readonly stage: string | null;
  readonly waiting_at: readonly string[];
  readonly open_incidents: number;
  /** JSON. */
  readonly state: string;
  readonly ended_at: string | null;
}

/**
 * Writes back the instances that a batch moved. Locks: none new, the batch holds them all.
 * @throws when a revision is not the one that was read: then someone wrote without the lock, and the batch must not commit.
 */
export async function updateInstances(client: PoolClient, rows: readonly ChangedInstanceRow[]): Promise<void> {
  const updated = await runOverStates<{ id: string }>(client, 'update-instances', text, rows);
  invariant(
    updated.length === rows.length,
    `Expected to update ${rows.length} instances at the revisions that were read, but only ${updated.length} still have them.`,
  );
}

const text = `
  UPDATE instance i
  SET status = r.status, revision = r.revision, stage = r.stage, waiting_at = r.waiting_at,
      open_incidents = r.open_incidents, state = r.state, ended_at = r.ended_at
  FROM json_to_recordset($1) AS r (subject_id text, id uuid, expected_revision bigint, status text, revision bigint, stage text,
    waiting_at text[], open_incidents int, state json, ended_at timestamptz)
  WHERE i.subject_id = r.subject_id AND i.id = r.id AND i.revision = r.expected_revision
  RETURNING i.id`;
