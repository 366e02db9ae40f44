import type { PoolClient } from 'pg';

/**
 * Takes users whose conditions are to be looked at: deleting their rows is the claim. Locks: the rows, and the profiles, SKIP LOCKED. Who
 * holds a profile is a batch that reads or changes it: only after its commit what it has begun to wait for can be seen here.
 * What is held stays for the next batch.
 */
export async function claimChangedUsers(client: PoolClient, limit: number): Promise<readonly string[]> {
  const { rows } = await client.query<{ subject_id: string }>({ name: 'claim-changed-users', text, values: [limit] });
  return rows.map(({ subject_id }) => subject_id);
}

const text = `
  WITH claimed AS (
    SELECT c.subject_id FROM changed_user c JOIN user_profile p USING (subject_id)
    ORDER BY c.subject_id LIMIT $1 FOR UPDATE OF c SKIP LOCKED FOR NO KEY UPDATE OF p SKIP LOCKED
  )
  DELETE FROM changed_user c USING claimed WHERE c.subject_id = claimed.subject_id RETURNING c.subject_id`;
