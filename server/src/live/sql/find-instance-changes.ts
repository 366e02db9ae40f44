import type { InstanceChange } from '@xflow/schemas';
import type { Pool } from 'pg';

/** Where instances stand; those that do not exist are missing. Takes no locks. */
export async function findInstanceChanges(pool: Pool, ids: readonly string[]): Promise<readonly InstanceChange[]> {
  return (await pool.query<InstanceChange>({ name: 'find-instance-changes', text, values: [ids] })).rows;
}

const text = `
  SELECT id, revision, status, waiting_at AS "waitingAt", open_incidents AS "openIncidents", suspended_at IS NOT NULL AS suspended
  FROM instance WHERE id = ANY($1::uuid[])`;
