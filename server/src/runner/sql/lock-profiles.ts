import type { PoolClient } from 'pg';
import type { Json } from '@xflow/engine';

export interface ProfileRow {
  readonly subject_id: string;
  readonly attributes: Readonly<Record<string, Json>>;
  readonly tags: readonly string[];
  readonly stage: string | null;
  readonly tier: string | null;
  readonly points: number;
}

/**
 * The profiles that a batch will change. Locks: their rows, in the order of their key, so that whoever else takes several does
 * not deadlock with it; waits for a request that is changing one.
 */
export async function lockProfiles(client: PoolClient, subjectIds: readonly string[]): Promise<readonly ProfileRow[]> {
  const { rows } = await client.query<ProfileRow>({ name: 'lock-profiles', text, values: [subjectIds] });
  return rows;
}

const text = `
  SELECT subject_id, attributes, tags, stage, tier, points FROM user_profile WHERE subject_id = ANY($1)
  ORDER BY subject_id FOR NO KEY UPDATE`;
