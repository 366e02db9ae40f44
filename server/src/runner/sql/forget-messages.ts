import type { Pool, PoolClient } from 'pg';
import { toTimestamp } from './statement.js';

/** Removes messages that nobody needs any more, at most 1,000 at a time. Locks: their rows, SKIP LOCKED: it waits for nobody. */
export async function forgetMessages(client: Pool | PoolClient, now: number): Promise<void> {
  await client.query({ name: 'forget-messages', text, values: [toTimestamp(now)] });
}

const text = `
  DELETE FROM message m USING (
    SELECT correlation_key, name, id FROM message WHERE kept_until <= $1 LIMIT 1000 FOR UPDATE SKIP LOCKED
  ) AS old
  WHERE m.correlation_key = old.correlation_key AND m.name = old.name AND m.id = old.id`;
