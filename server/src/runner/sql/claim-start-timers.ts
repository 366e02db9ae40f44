import type { PoolClient } from 'pg';
import { storedFormat } from '../stored-format.js';
import { toTimestamp } from './statement.js';

export interface StartTimerRow {
  readonly workflow_key: string;
  readonly element_id: string;
  readonly version: number;
  readonly due_at: Date;
  readonly count: number;
}

/**
 * Timer start events due by `now`, locked (SKIP LOCKED) until move-start-timers.ts has set their next firing. Those of versions that this server cannot
 * read are left to newer ones.
 */
export async function claimStartTimers(client: PoolClient, now: number): Promise<readonly StartTimerRow[]> {
  const { rows } = await client.query<StartTimerRow>({ name: 'claim-start-timers', text, values: [toTimestamp(now)] });
  return rows;
}

const text = `
  SELECT workflow_key, element_id, version, due_at, count FROM start_timer t WHERE due_at <= $1
    AND NOT EXISTS (SELECT FROM definition d WHERE d.key = t.workflow_key AND d.version = t.version AND d.format > ${storedFormat})
  ORDER BY workflow_key, element_id FOR UPDATE SKIP LOCKED`;
