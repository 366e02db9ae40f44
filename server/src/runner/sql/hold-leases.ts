import type { PoolClient } from 'pg';
import type { RowKey } from './row-key.js';
import { toTimestamp } from './statement.js';

export interface HeldLease extends RowKey {
  /** Of the activation. */
  readonly token: string;
}

/**
 * Which of these leases still hold, and makes them hold until the commit: nobody can lease the task meanwhile.
 * Locks: the tasks, in the order of their key; whoever is just leasing one is waited for.
 */
export async function holdLeases(
  client: PoolClient,
  leases: readonly HeldLease[],
  now: number,
): Promise<readonly RowKey[]> {
  if (leases.length === 0) return [];
  const values = [JSON.stringify(leases), toTimestamp(now)];
  return (await client.query<RowKey>({ name: 'hold-leases', text, values })).rows;
}

const text = `
  SELECT t.subject_id, t.instance_id, t.id
  FROM (
    SELECT * FROM json_to_recordset($1) AS r (subject_id text, instance_id uuid, id text, token uuid) ORDER BY subject_id, instance_id, id
  ) AS r
  CROSS JOIN LATERAL (
    SELECT subject_id, instance_id, id FROM task
    WHERE subject_id = r.subject_id AND instance_id = r.instance_id AND id = r.id AND lease_owner = r.token AND next_attempt_at > $2
    LIMIT 1 FOR UPDATE
  ) AS t`;
