import type { UserChange } from '@xflow/engine';
import type { Pool } from 'pg';
import { insertUserChanges, type UserChangeRow } from '../runner/sql/insert-user-changes.js';
import { noteUsers } from '../runner/sql/note-changed-users.js';
import { lockProfiles } from '../runner/sql/lock-profiles.js';
import { updateProfiles } from '../runner/sql/update-profiles.js';
import { inTransaction } from '../runner/transaction.js';
import { applyChange, type Profile, type Recorded } from '../runner/user-changes.js';
import type { UserUpdate } from './user-row.js';

/**
 * Creates and updates users, with a record of every change of one that was there already, in one transaction of five
 * statements for any number of users. Several updates of one user are made in their order. Locks: the users' rows, in
 * the order of their ids, as the runner does.
 * @param at time of the changes: milliseconds since 1970
 * @returns whether conditions are to be looked at that may read the changes
 */
export async function writeUsers(
  pool: Pool,
  updates: readonly UserUpdate[],
  at: number,
  reason: string,
): Promise<boolean> {
  const time = new Date(at).toISOString();
  const ids = [...new Set(updates.map((update) => update.userId))].sort();
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ subject_id: string }>({
      name: 'create-users',
      text: createUsers,
      values: [ids, time],
    });
    const created = new Set(rows.map((row) => row.subject_id));
    const profiles = new Map<string, Profile>();
    for (const row of await lockProfiles(client, ids)) profiles.set(row.subject_id, { ...row });
    const changed = new Set<Profile>();
    const records: UserChangeRow[] = [];
    for (const update of updates) {
      const profile = profiles.get(update.userId)!;
      for (const { kind, recorded } of applyUpdate(profile, update)) {
        changed.add(profile);
        // How a new user began is told by the profile; a tier, though, is part of the lifecycle from its first value on.
        if (created.has(update.userId) && kind !== 'tier') continue;
        const where = { instance_id: null, workflow_key: null, element_id: null };
        records.push({ subject_id: update.userId, at: time, kind, ...recorded, reason, ...where });
      }
    }
    const rowsChanged = [...changed].map((profile) => ({ ...profile, updated_at: time }));
    await updateProfiles(client, rowsChanged);
    await insertUserChanges(client, records);
    return await noteUsers(client, [...new Set([...created, ...rowsChanged.map((row) => row.subject_id)])], time);
  });
}

const createUsers = `
  INSERT INTO user_profile (subject_id, created_at, updated_at)
  SELECT id, $2::timestamptz, $2::timestamptz FROM unnest($1::text[]) AS id
  WHERE NOT EXISTS (SELECT FROM user_profile known WHERE known.subject_id = id)
  ON CONFLICT DO NOTHING RETURNING subject_id`;

function* applyUpdate(
  profile: Profile,
  update: UserUpdate,
): Generator<{ kind: UserChange['kind']; recorded: Recorded }> {
  const changes: UserChange[] = [];
  if (update.attributes !== undefined) changes.push({ kind: 'attributes', set: update.attributes });
  if (update.tags !== undefined) {
    const tags = update.tags;
    changes.push({ kind: 'tag', add: tags, remove: profile.tags.filter((tag) => !tags.includes(tag)) });
  }
  for (const change of changes) {
    const recorded = applyChange(profile, change);
    if (recorded !== null) yield { kind: change.kind, recorded };
  }
  if (update.tier !== undefined && update.tier !== profile.tier) {
    const recorded = { from_value: profile.tier, to_value: update.tier, detail: {} };
    profile.tier = update.tier;
    yield { kind: 'tier', recorded };
  }
}
