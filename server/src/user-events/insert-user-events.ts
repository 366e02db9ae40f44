import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { noteChangedUsers } from '../runner/sql/note-changed-users.js';
import type { UserEventRow } from './user-event-row.js';

/**
 * Inserts events, and the users that are not there yet, in one statement.
 *
 * Inputs: $1 the events as one JSON list, $2 the time of users created. Output: the number of rows inserted (the others
 * had an id that their user has already, within the batch or in the table), and whether conditions are to be looked at that may read
 * them. Locks: the new rows, and what note-changed-users.ts says. Both inserts go in the
 * order of their keys, so that two batches that share users or events wait for each other instead of running into a
 * deadlock. Measured with 5,000 rows a statement, two at a time: 52,800 rows/s; with one array a column through unnest: 47,100.
 */
const statement = `
  WITH input AS (
    SELECT * FROM json_to_recordset($1::json)
      AS input (subject_id text, id text, name text, at timestamptz, properties jsonb)
  ), new_users AS (
    INSERT INTO user_profile (subject_id, created_at, updated_at)
    SELECT DISTINCT input.subject_id, $2::timestamptz, $2::timestamptz FROM input
    WHERE NOT EXISTS (SELECT FROM user_profile known WHERE known.subject_id = input.subject_id)
    ORDER BY 1
    ON CONFLICT DO NOTHING
  ), inserted AS (
    INSERT INTO user_event (subject_id, id, name, at, properties)
    SELECT subject_id, id, name, at, properties FROM input ORDER BY subject_id, id
    ON CONFLICT DO NOTHING RETURNING subject_id
  ), ${noteChangedUsers('SELECT subject_id FROM inserted', '$2')}
  SELECT (SELECT count(*)::int FROM inserted) AS inserted, EXISTS (SELECT FROM told) AS noted`;

/**
 * @param now time of events without one, and of the users created: milliseconds since 1970
 * @returns how many of the events were there already, and whether conditions are to be looked at
 */
export async function insertUserEvents(
  pool: Pool,
  rows: readonly UserEventRow[],
  now: number,
): Promise<{ readonly duplicates: number; readonly noted: boolean }> {
  const time = new Date(now).toISOString();
  const { rows: results } = await pool.query<{ inserted: number; noted: boolean }>({
    name: 'insert-user-events',
    text: statement,
    values: [`[${rows.map((row) => rowJson(row, time)).join(',')}]`, time],
  });
  const { inserted, noted } = results[0]!;
  return { duplicates: rows.length - inserted, noted };
}

function rowJson(row: UserEventRow, now: string): string {
  const { userId, id, name, at, properties } = row;
  const key = `"subject_id":${JSON.stringify(userId)},"id":${JSON.stringify(id ?? randomUUID())}`;
  return `{${key},"name":${JSON.stringify(name)},"at":"${at ?? now}","properties":${properties}}`;
}
