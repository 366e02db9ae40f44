import type { Json, UserChange } from '@xflow/engine';
import type { PoolClient } from 'pg';
import { inOrder } from './sql/in-order.js';
import { insertUpgrades, type UpgradeRow } from './sql/insert-upgrades.js';
import { insertUserChanges, type UserChangeRow } from './sql/insert-user-changes.js';
import { noteUsers } from './sql/note-changed-users.js';
import { lockProfiles, type ProfileRow } from './sql/lock-profiles.js';
import { updateProfiles } from './sql/update-profiles.js';

/** A change that a step decided, with where and why. */
export interface DecidedChange {
  readonly subjectId: string;
  readonly instanceId: string;
  readonly workflowKey: string;
  readonly elementId: string;
  readonly change: UserChange;
  readonly reason: string;
}

export type Profile = { -readonly [Key in keyof ProfileRow]: ProfileRow[Key] };

/** What a change did to a profile, for the user's history. */
export type Recorded = Pick<UserChangeRow, 'from_value' | 'to_value' | 'detail'>;

/**
 * Applies the changes of a batch to the profiles, in their order and in the batch's transaction: exactly once, as the
 * steps that decided them. A change that changes nothing (the stage is reached already) leaves no record. An instance
 * that no user started has no profile, so there is nothing to change.
 * @returns whether conditions are to be looked at that may read what has changed
 */
export async function applyUserChanges(
  client: PoolClient,
  changes: readonly DecidedChange[],
  at: string,
): Promise<boolean> {
  if (changes.length === 0) return false;
  const subjectIds = [...new Set(changes.map((change) => change.subjectId))].sort();
  const profiles = new Map<string, Profile>();
  for (const row of await lockProfiles(client, subjectIds)) profiles.set(row.subject_id, { ...row });
  const changed = new Set<Profile>();
  const records: UserChangeRow[] = [];
  const upgrades: UpgradeRow[] = [];
  for (const { subjectId, instanceId, workflowKey, elementId, change, reason } of changes) {
    const profile = profiles.get(subjectId);
    if (!profile) continue;
    const fromTier = profile.tier;
    const recorded = applyChange(profile, change);
    if (!recorded) continue;
    changed.add(profile);
    const where = { subject_id: subjectId, at, instance_id: instanceId, element_id: elementId };
    records.push({ ...where, workflow_key: workflowKey, kind: change.kind, reason, ...recorded });
    if (change.kind === 'tier')
      upgrades.push({
        ...where,
        ladder: change.ladder,
        from_tier: fromTier,
        to_tier: change.tier,
        rewards: change.rewards ?? [],
      });
  }
  const [noted] = await inOrder(
    noteUsers(
      client,
      [...changed].map(({ subject_id }) => subject_id),
      at,
    ),
    updateProfiles(
      client,
      [...changed].map((profile) => ({ ...profile, updated_at: at })),
    ),
    insertUserChanges(client, records),
    insertUpgrades(client, upgrades),
  );
  return noted;
}

/** Changes the profile; null when it stands so already. */
export function applyChange(profile: Profile, change: UserChange): Recorded | null {
  switch (change.kind) {
    case 'stage': {
      const from = profile.stage;
      if (from === change.stage) return null;
      profile.stage = change.stage;
      return { from_value: from, to_value: change.stage, detail: {} };
    }
    case 'tier': {
      const from = profile.tier;
      if (from === change.tier) return null;
      profile.tier = change.tier;
      return {
        from_value: from,
        to_value: change.tier,
        detail: { ladder: change.ladder, rewards: change.rewards ?? [] },
      };
    }
    case 'points': {
      const from = profile.points;
      if (change.add === 0) return null;
      profile.points = from + change.add;
      return { from_value: String(from), to_value: String(profile.points), detail: { add: change.add } };
    }
    case 'tag': {
      const add = (change.add ?? []).filter((tag) => !profile.tags.includes(tag));
      const remove = (change.remove ?? []).filter((tag) => profile.tags.includes(tag));
      if (add.length === 0 && remove.length === 0) return null;
      const from = profile.tags;
      profile.tags = [...from.filter((tag) => !remove.includes(tag)), ...new Set(add)];
      return { from_value: from.join(', '), to_value: profile.tags.join(', '), detail: { add, remove } };
    }
    case 'attributes': {
      const set = Object.entries(change.set).filter(([name, value]) => !holds(profile.attributes, name, value));
      if (set.length === 0) return null;
      const before = Object.fromEntries(set.map(([name]) => [name, valueOf(profile.attributes, name)]));
      // fromEntries and spread define properties, also one named `__proto__`, which an assignment would not.
      const merged = { ...profile.attributes, ...Object.fromEntries(set) };
      profile.attributes = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
      return { from_value: null, to_value: null, detail: { set: Object.fromEntries(set), before } };
    }
  }
}

const valueOf = (attributes: ProfileRow['attributes'], name: string): Json =>
  Object.hasOwn(attributes, name) ? attributes[name]! : null;

/** null removes an attribute. */
const holds = (attributes: ProfileRow['attributes'], name: string, value: Json): boolean =>
  JSON.stringify(valueOf(attributes, name)) === JSON.stringify(value);
