import type { PoolClient } from 'pg';
import { runOverRows } from './statement.js';

/** What a transaction adds to the numbers of instances: negative where there are fewer. */
export interface InstanceCountRow {
  readonly workflow_key: string;
  readonly version: number;
  /** Empty where an element is counted. */
  readonly status: string;
  /** Empty where a status is counted. */
  readonly element_id: string;
  instances: number;
  /** Instances with open incidents; at an element, open incidents. */
  incidents: number;
}

/** Appends to the numbers of instances. No locks beyond the new rows, which no other transaction looks for. */
export async function appendCounts(client: PoolClient, rows: readonly InstanceCountRow[]): Promise<void> {
  await runOverRows(client, 'append-counts', text, rows);
}

const text = `
  INSERT INTO instance_count_change (workflow_key, version, status, element_id, instances, incidents)
  SELECT workflow_key, version, status, element_id, instances, incidents
  FROM json_to_recordset($1) AS r (workflow_key text, version int, status text, element_id text, instances int,
    incidents int)`;
