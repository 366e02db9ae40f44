import type { Pool, PoolClient } from 'pg';

/** Those of the subjects that are users. Takes no locks: users are never removed. */
export async function findUsers(
  client: Pool | PoolClient,
  subjectIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (subjectIds.length === 0) return new Set();
  const { rows } = await client.query<{ subject_id: string }>({ name: 'find-users', text, values: [subjectIds] });
  return new Set(rows.map((row) => row.subject_id));
}

const text = `SELECT subject_id FROM user_profile WHERE subject_id = ANY($1)`;
