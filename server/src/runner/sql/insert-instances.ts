import type { PoolClient } from 'pg';
import { storedFormat } from '../stored-format.js';
import { documentAt, documents, lists, plain, texts } from './columns.js';

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
  if (rows.length === 0) return;
  await client.query({
    name: 'insert-instances',
    text,
    values: [
      texts(rows, (row) => row.subject_id),
      plain(rows, (row) => row.id),
      texts(rows, (row) => row.workflow_key),
      plain(rows, (row) => row.version),
      plain(rows, (row) => row.parent_instance_id),
      texts(rows, (row) => row.parent_call_id),
      plain(rows, (row) => row.call_depth),
      texts(rows, (row) => row.business_key),
      texts(rows, (row) => row.status),
      plain(rows, (row) => row.revision),
      texts(rows, (row) => row.stage),
      lists(rows, (row) => row.waiting_at),
      plain(rows, (row) => row.open_incidents),
      plain(rows, (row) => row.started_at),
      plain(rows, (row) => row.ended_at),
      ...documents(rows, (row) => row.state),
    ],
  });
}

const text = `
  INSERT INTO instance (subject_id, id, workflow_key, version, parent_instance_id, parent_call_id, call_depth, business_key,
    status, revision, stage, waiting_at, open_incidents, started_at, ended_at, state, format)
  SELECT subject_id, id, workflow_key, version, parent_instance_id, parent_call_id, call_depth, business_key,
    status, revision, stage, waiting_at::text[], open_incidents, started_at, ended_at,
    ${documentAt('$16', 'state_begin', 'state_length')}, ${storedFormat}
  FROM unnest($1::text[], $2::uuid[], $3::text[], $4::int[], $5::uuid[], $6::text[], $7::int[], $8::text[], $9::text[], $10::bigint[],
      $11::text[], $12::text[], $13::int[], $14::timestamptz[], $15::timestamptz[], $17::int[], $18::int[])
    AS r (subject_id, id, workflow_key, version, parent_instance_id, parent_call_id, call_depth, business_key, status, revision,
      stage, waiting_at, open_incidents, started_at, ended_at, state_begin, state_length)`;
