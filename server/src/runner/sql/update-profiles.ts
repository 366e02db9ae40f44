import type { PoolClient } from 'pg';
import type { ProfileRow } from './lock-profiles.js';
import { runOverRows } from './statement.js';

/** Writes back the profiles that a batch changed. Locks: none new (lock-profiles.ts). */
export async function updateProfiles(
  client: PoolClient,
  rows: readonly (ProfileRow & { readonly updated_at: string })[],
): Promise<void> {
  await runOverRows(client, 'update-profiles', text, rows);
}

const text = `
  UPDATE user_profile p
  SET attributes = r.attributes, tags = r.tags, stage = r.stage, tier = r.tier, points = r.points, updated_at = r.updated_at
  FROM json_to_recordset($1) AS r (subject_id text, attributes jsonb, tags text[], stage text, tier text,
    points double precision, updated_at timestamptz)
  WHERE p.subject_id = r.subject_id`;
