import type { Pool, PoolClient } from 'pg';
import { storedFormat } from '../stored-format.js';
import { toTimestamp } from './statement.js';

/**
 * When the next command or timer start falls due, a user has changed whom conditions read, or a signal has not
 * reached everyone yet, in milliseconds since 1970; null: none is
 * pending. Asked once when a runner comes to rest. Reads the first entry of each index; takes no locks.
 */
export async function findNextDue(client: Pool | PoolClient): Promise<number | null> {
  const { rows } = await client.query<{ due: Date | number | null }>({ name: 'find-next-due', text });
  const due = rows[0]?.due;
  // Parked commands are due at infinity, which pg reads as the number.
  return due instanceof Date ? due.getTime() : null;
}

/**
 * As {@link findNextDue}, of what this server can read. Asked after what is due could not be taken: then another server holds it, or it waits for a newer
 * version, which is no reason to ask again. Cost: what is due is gone through until something is found.
 */
export async function findNextReadable(pool: Pool, now: number): Promise<number | null> {
  const values = [toTimestamp(now)];
  const { rows } = await pool.query<{ due: Date | number | null }>({
    name: 'find-next-readable',
    text: readable,
    values,
  });
  const due = rows[0]?.due;
  return due instanceof Date ? due.getTime() : null;
}

/** Whether a start condition stands in a version that this server cannot read. */
export const newerConditions = `EXISTS (
    SELECT FROM condition_start s JOIN definition d ON d.key = s.workflow_key AND d.version = s.version WHERE d.format > ${storedFormat})`;

const readable = `SELECT least(
  (SELECT c.due_at FROM command c JOIN instance i ON i.subject_id = c.subject_id AND i.id = c.instance_id
   WHERE c.due_at <= $1 AND (i.format <= ${storedFormat} OR c.due_at IS NULL) ORDER BY c.due_at LIMIT 1),
  (SELECT min(due_at) FROM command WHERE due_at > $1),
  (SELECT min(t.due_at) FROM start_timer t
   WHERE NOT EXISTS (SELECT FROM definition d WHERE d.key = t.workflow_key AND d.version = t.version AND d.format > ${storedFormat})),
  (SELECT at FROM changed_user WHERE NOT ${newerConditions} LIMIT 1),
  (SELECT min(at) FROM broadcast)) AS due`;

const text = `SELECT least((SELECT min(due_at) FROM command), (SELECT min(due_at) FROM start_timer),
  (SELECT at FROM changed_user LIMIT 1),
  (SELECT min(at) FROM broadcast)) AS due`;
