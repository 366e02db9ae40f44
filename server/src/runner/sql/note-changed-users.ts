import type { PoolClient } from 'pg';
import { channelName } from '../channel.js';

/**
 * Notes that users have changed, for the conditions that read them: see user-conditions.ts. A part of the statement that changes them, so
 * that the note is committed with the change. `ids` is SQL for the changed users, one a row, `at` the time. It gives `noted`, one row a user;
 * nothing where no workflow has such a condition. Other servers hear of it with the commit.
 *
 * Locks: the new rows, in the order of the ids; waits for a batch that has claimed one of them. An update where there is a row already,
 * and not nothing: the lock keeps the row from being claimed before this change can be seen.
 */
export const noteChangedUsers = (ids: string, at: string): string => `noted AS (
    INSERT INTO changed_user (subject_id, at)
    SELECT DISTINCT id, ${at}::timestamptz FROM (${ids}) AS changed (id)
    WHERE EXISTS (SELECT FROM condition_start) OR EXISTS (SELECT FROM watching_version)
    ORDER BY id
    ON CONFLICT (subject_id) DO UPDATE SET at = excluded.at RETURNING subject_id
  ), told AS (
    SELECT pg_notify('${channelName}', json_build_object('from', '', 'due', extract(epoch FROM ${at}::timestamptz) * 1000, 'jobs', false)::text)
    WHERE EXISTS (SELECT FROM noted)
  )`;

/** The same, for changes of a transaction under way. @returns whether anything was noted */
export async function noteUsers(client: PoolClient, subjectIds: readonly string[], at: string): Promise<boolean> {
  if (subjectIds.length === 0) return false;
  const { rowCount } = await client.query({ name: 'note-changed-users', text, values: [subjectIds, at] });
  return (rowCount ?? 0) > 0;
}

const text = `WITH ${noteChangedUsers('SELECT unnest($1::text[])', '$2')} SELECT FROM noted, told`;
