import type { PoolClient } from 'pg';
import type { Variables } from '@xflow/engine';
import { storedFormat } from '../stored-format.js';
import type { RowKey } from './row-key.js';
import { runOverRows } from './statement.js';

export interface NewTaskRow extends RowKey {
  readonly workflow_key: string;
  readonly element_id: string;
  readonly element_name: string | null;
  readonly type: string;
  readonly kind: 'job' | 'user';
  readonly config: Variables;
  readonly input: Variables;
  readonly idempotency_key: string;
  /** What the element says of its attempts; null: it says nothing. */
  readonly max_attempts: number | null;
  readonly backoff: readonly number[] | null;
  readonly created_at: string;
}

/** Jobs for the dispatcher, and tasks for people. No locks beyond the new rows. */
export async function insertTasks(client: PoolClient, rows: readonly NewTaskRow[]): Promise<void> {
  await runOverRows(client, 'insert-tasks', text, rows);
}

const text = `
  INSERT INTO task (subject_id, instance_id, id, workflow_key, element_id, element_name, type, kind, config, input,
    idempotency_key, max_attempts, backoff, next_attempt_at, created_at, format)
  SELECT subject_id, instance_id, id, workflow_key, element_id, element_name, type, kind, config, input,
    idempotency_key, max_attempts, backoff, created_at, created_at, ${storedFormat}
  FROM json_to_recordset($1) AS r (subject_id text, instance_id uuid, id text, workflow_key text, element_id text,
    element_name text, type text, kind text, config json, input json, idempotency_key text, max_attempts int, backoff json,
    created_at timestamptz)`;
