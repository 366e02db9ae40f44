import type { PoolClient } from 'pg';
import { toTimestamp } from './statement.js';

export interface StartTimerRow {
  readonly workflow_key: string;
  readonly element_id: string;
  readonly version: number;
  readonly due_at: Date;
  readonly count: number;
}

/** Timer start events due by `now`, locked (SKIP LOCKED) until move-start-timers.ts has set their next firing. */
export async function claimStartTimers(client: PoolClient, now: number): Promise<readonly StartTimerRow[]> {
  const { rows } = await client.query<StartTimerRow>({ name: 'claim-start-timers', text, values: [toTimestamp(now)] });
  return rows;
}

const text = `
  SELECT workflow_key, element_id, version, due_at, count FROM start_timer WHERE due_at <= $1
  ORDER BY workflow_key, element_id FOR UPDATE SKIP LOCKED`;
