import type { PoolClient } from 'pg';
import type { CommandPayload } from '../command.js';
import { runOverRows } from './statement.js';

export interface NewCommandRow {
  readonly subject_id: string;
  readonly instance_id: string;
  readonly id: string;
  /** `infinity`: parked, until someone resolves the fault that it led to. */
  readonly due_at: string;
  readonly kind: string;
  readonly payload: CommandPayload;
  readonly attempts: number;
}

/** Timers, and inputs for the inboxes of instances. No locks beyond the new rows; the sequence keeps the order of the rows. */
export async function insertCommands(client: PoolClient, rows: readonly NewCommandRow[]): Promise<void> {
  await runOverRows(client, 'insert-commands', text, rows);
}

const text = `
  INSERT INTO command (subject_id, instance_id, id, due_at, kind, payload, attempts)
  SELECT subject_id, instance_id, id, due_at, kind, payload, attempts
  FROM json_to_recordset($1) AS r (subject_id text, instance_id uuid, id text, due_at timestamptz, kind text, payload json,
    attempts int)`;
