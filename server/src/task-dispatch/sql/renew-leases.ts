import type { Pool } from 'pg';
import type { RowKey } from '../../runner/sql/row-key.js';
import { toTimestamp } from '../../runner/sql/statement.js';

/**
 * Makes leases of a server last until `until`. One that another server has taken over, or whose task is over, is not among those returned.
 * Locks: the rows, in the order of their key.
 * Short leases that are renewed (15 s) rather than one as long as the longest job: a killed server's jobs are taken over when
 * its last renewal is over.
 */
export async function renewLeases(
  pool: Pool,
  owner: string,
  jobs: readonly RowKey[],
  until: number,
): Promise<readonly RowKey[]> {
  const values = [JSON.stringify(jobs), owner, toTimestamp(until)];
  return (await pool.query<RowKey>({ name: 'renew-leases', text, values })).rows;
}

const text = `
  UPDATE task t SET next_attempt_at = $3
  FROM (
    SELECT t.subject_id, t.instance_id, t.id
    FROM json_to_recordset($1) AS r (subject_id text, instance_id uuid, id text)
    JOIN task t ON t.subject_id = r.subject_id AND t.instance_id = r.instance_id AND t.id = r.id
    WHERE t.lease_owner = $2
    ORDER BY t.subject_id, t.instance_id, t.id
    FOR UPDATE OF t
  ) AS held
  WHERE t.subject_id = held.subject_id AND t.instance_id = held.instance_id AND t.id = held.id
  RETURNING t.subject_id, t.instance_id, t.id`;
