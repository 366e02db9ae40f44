import type { Pool } from 'pg';
import { noteChangedUsers } from '../runner/sql/note-changed-users.js';

/**
 * In one statement: the old stage is read under the lock under which the new one is written. Locks: the user's row, then what
 * note-changed-users.ts says.
 */
const statement = `
  WITH before AS (
    SELECT subject_id, stage FROM user_profile WHERE subject_id = $1 FOR NO KEY UPDATE
  ), moved AS (
    UPDATE user_profile u SET stage = $2, updated_at = $4::timestamptz FROM before
    WHERE u.subject_id = before.subject_id AND before.stage IS DISTINCT FROM $2
    RETURNING u.subject_id, before.stage AS from_stage
  ), recorded AS (
    INSERT INTO user_change (subject_id, at, kind, from_value, to_value, detail, reason)
    SELECT subject_id, $4::timestamptz, 'stage', from_stage, $2, '{}', $3 FROM moved
  ), ${noteChangedUsers('SELECT subject_id FROM moved', '$4')}
  SELECT EXISTS (SELECT FROM told) AS noted FROM before`;

/** @returns null: there is no such user; else whether conditions are to be looked at that may read the stage */
export async function moveToStage(
  pool: Pool,
  move: { readonly userId: string; readonly stage: string; readonly reason: string; readonly at: number },
): Promise<boolean | null> {
  const values = [move.userId, move.stage, move.reason, new Date(move.at).toISOString()];
  const { rows } = await pool.query<{ noted: boolean }>({ name: 'move-to-stage', text: statement, values });
  return rows[0]?.noted ?? null;
}
