import type { PoolClient } from 'pg';
import { invariant } from '../../invariant.js';
import type { UntimedInput } from '../../runner/command.js';
import { statesAsJson } from '../../runner/sql/statement.js';
import { storedFormat } from '../../runner/stored-format.js';

export interface StartedInstance {
  readonly subject_id: string;
  readonly id: string;
  readonly business_key: string | null;
  /** JSON, as it is kept. */
  readonly state: string;
  readonly input: UntimedInput;
}

/**
 * Accepts a bulk start: the instances, and in the inbox of each the command to start. Two inserts for any number of instances, so that
 * 10,000 are accepted in one short transaction; the runner then starts them in batches. No locks beyond the new rows.
 */
export async function insertStartedInstances(
  client: PoolClient,
  workflowKey: string,
  version: number,
  at: string,
  instances: readonly StartedInstance[],
): Promise<void> {
  const { rowCount } = await client.query(text, [statesAsJson(instances), workflowKey, version, at]);
  invariant(rowCount === instances.length, `Expected to start ${instances.length} instances, started ${rowCount}.`);
}

const text = `
  WITH started AS (
    SELECT * FROM json_to_recordset($1) AS r (subject_id text, id uuid, business_key text, state json, input json)
  ), instances AS (
    INSERT INTO instance (subject_id, id, workflow_key, version, business_key, status, revision, waiting_at, open_incidents,
      state, started_at, format)
    SELECT subject_id, id, $2, $3, business_key, 'active', 0, '{}', 0, state, $4::timestamptz, ${storedFormat} FROM started
  )
  INSERT INTO command (subject_id, instance_id, id, due_at, kind, payload)
  SELECT subject_id, id, 'start', $4::timestamptz, 'start',
    json_build_object('input', input)
  FROM started`;
