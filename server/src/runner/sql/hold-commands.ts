import type { PoolClient } from 'pg';
import type { NewCommandRow } from './insert-commands.js';
import { runOverRows } from './statement.js';

/**
 * Keeps commands that suspended instances must not take yet. Suspending touches no command, however many timers wait: each is kept
 * when it falls due. No locks beyond the new rows.
 */
export async function holdCommands(client: PoolClient, rows: readonly NewCommandRow[], at: string): Promise<void> {
  await runOverRows(
    client,
    'hold-commands',
    text,
    rows.map((row) => ({ ...row, held_at: at })),
  );
}

const text = `
  INSERT INTO command (subject_id, instance_id, id, due_at, held_at, kind, payload, attempts)
  SELECT subject_id, instance_id, id, 'infinity', held_at, kind, payload, attempts
  FROM json_to_recordset($1) AS r (subject_id text, instance_id uuid, id text, held_at timestamptz, kind text, payload json, attempts int)`;
