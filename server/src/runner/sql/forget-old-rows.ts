import type { Pool } from 'pg';
import { toTimestamp } from './statement.js';

const day = 86_400_000;

/** How long a repeat with the same Idempotency-Key is recognised. Milliseconds. */
export const idempotencyKeyLifetime = day;

/** How long a message that a frequency cap allowed is counted; no cap looks back further. Milliseconds. */
export const reachLifetime = 366 * day;

/** Rows that one statement removes at most. */
const most = 5_000;

/**
 * Removes what nobody needs any more: messages past their time, Idempotency-Keys, counted messages to users. One statement
 * a table, each for a bounded number of rows; returns whether there may be more. Locks: the rows, SKIP LOCKED: it waits for nobody.
 */
export async function forgetOldRows(pool: Pool, now: number): Promise<boolean> {
  let more = false;
  for (const { name, text, lifetime } of statements) {
    const { rowCount } = await pool.query({ name, text, values: [toTimestamp(now - lifetime), most] });
    more ||= rowCount === most;
  }
  return more;
}

const statements = [
  {
    name: 'forget-messages',
    lifetime: 0,
    text: `
      DELETE FROM message m USING (
        SELECT correlation_key, name, id FROM message WHERE kept_until <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED
      ) AS old
      WHERE m.correlation_key = old.correlation_key AND m.name = old.name AND m.id = old.id`,
  },
  {
    name: 'forget-idempotency-keys',
    lifetime: idempotencyKeyLifetime,
    text: `
      DELETE FROM idempotency_key k USING (
        SELECT key FROM idempotency_key WHERE created_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED
      ) AS old
      WHERE k.key = old.key`,
  },
  {
    name: 'forget-reach',
    lifetime: reachLifetime,
    text: `
      DELETE FROM reach r USING (
        SELECT subject_id, id FROM reach WHERE at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED
      ) AS old
      WHERE r.subject_id = old.subject_id AND r.id = old.id`,
  },
];
