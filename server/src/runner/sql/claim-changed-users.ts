import type { PoolClient } from 'pg';
import { newerConditions } from './find-next-due.js';

/**
 * Takes users whose conditions are to be looked at: deleting their rows is the claim. Locks: the rows, and the profiles, SKIP LOCKED. Who
 * holds a profile is a batch that reads or changes it: only after its commit what it has begun to wait for can be seen here.
 * What is held stays for the next batch. Where a start condition stands in a version that this server cannot read, all are left to newer servers.
 *
 * The rows are taken before their profiles are joined: joined at once, and told that few had changed, the planner went through all profiles in
 * every batch (5,000 users: 11 ms).
 */
export async function claimChangedUsers(client: PoolClient, limit: number): Promise<readonly string[]> {
  const { rows } = await client.query<{ subject_id: string }>({ name: 'claim-changed-users', text, values: [limit] });
  return rows.map(({ subject_id }) => subject_id);
}

const text = `
  WITH changed AS MATERIALIZED (
    SELECT subject_id FROM changed_user WHERE NOT ${newerConditions} ORDER BY subject_id LIMIT $1 FOR UPDATE SKIP LOCKED
  ), held AS (
    SELECT p.subject_id FROM changed JOIN user_profile p ON p.subject_id = changed.subject_id FOR NO KEY UPDATE OF p SKIP LOCKED
  )
  DELETE FROM changed_user c USING held WHERE c.subject_id = held.subject_id RETURNING c.subject_id`;
