import type { PoolClient } from 'pg';
import { runOverRows } from './statement.js';

export interface MovedStartTimer {
  readonly workflow_key: string;
  readonly element_id: string;
  /** `infinity`: there is no further firing. */
  readonly due_at: string;
  readonly previous_at: string;
  readonly count: number;
}

/** Sets the next firing of timer start events that have fired. Locks: none new. */
export async function moveStartTimers(client: PoolClient, rows: readonly MovedStartTimer[]): Promise<void> {
  await runOverRows(client, 'move-start-timers', text, rows);
}

const text = `
  UPDATE start_timer s SET due_at = r.due_at, previous_at = r.previous_at, count = r.count
  FROM json_to_recordset($1) AS r (workflow_key text, element_id text, due_at timestamptz, previous_at timestamptz, count int)
  WHERE s.workflow_key = r.workflow_key AND s.element_id = r.element_id`;
