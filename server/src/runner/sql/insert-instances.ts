import type { PoolClient } from 'pg';
import { runOverStates } from './statement.js';

export interface NewInstanceRow {
  readonly subject_id: string;
  readonly id: string;
  readonly workflow_key: string;
  readonly version: number;
  readonly parent_instance_id: string | null;
  readonly parent_call_id: string | null;
  readonly call_depth: number;
  readonly business_key: string | null;
  readonly status: string;
  readonly revision: number;
  readonly stage: string | null;
  readonly waiting_at: readonly string[];
  readonly open_incidents: number;
  /** JSON. */
  readonly state: string;
  readonly started_at: string;
  readonly ended_at: string | null;
}

/** Instances that this batch started. No locks beyond the new rows. */
export async function insertInstances(client: PoolClient, rows: readonly NewInstanceRow[]): Promise<void> {
  await runOverStates(client, 'insert-instances', text, rows);
}

const columns = `subject_id, id, workflow_key, version, parent_instance_id, parent_call_id, call_depth, business_key,
  status, revision, stage, waiting_at, open_incidents, state, started_at, ended_at`;

const text = `
  INSERT INTO instance (${columns})
  SELECT ${columns}
  FROM json_to_recordset($1) AS r (subject_id text, id uuid, workflow_key text, version int, parent_instance_id uuid,
    parent_call_id text, call_depth int, business_key text, status text, revision bigint, stage text, waiting_at text[], open_incidents int,
    state json, started_at timestamptz, ended_at timestamptz)`;
