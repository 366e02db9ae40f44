import type { Pool } from 'pg';
import { ServerIdentity } from '../../database/server-identity.js';
import { toTimestamp } from '../../runner/sql/statement.js';

/**
 * Ends the leases of servers that have no connection any more, so that the jobs of one that was killed need not wait until their
 * leases expire. Where pg_stat_activity does not show the sessions of all servers (a distributed database shows those of one node), a
 * job may run twice at a time: it carries an idempotency key, and only one of its results counts. Leases of workers outside run on.
 * Locks: the rows, SKIP LOCKED.
 */
export async function releaseOrphanedJobs(pool: Pool, now: number): Promise<void> {
  await pool.query({ name: 'release-orphaned-jobs', text, values: [toTimestamp(now), ServerIdentity.prefix] });
}

const text = `
  WITH orphaned AS (
    SELECT subject_id, instance_id, id FROM task
    WHERE kind = 'job' AND lease_owner IS NOT NULL AND worker IS NULL AND next_attempt_at > $1 AND NOT EXISTS (
      SELECT FROM pg_stat_activity a WHERE a.application_name = $2 || task.lease_owner::text
    )
    FOR UPDATE SKIP LOCKED
  )
  UPDATE task t SET lease_owner = NULL, next_attempt_at = $1
  FROM orphaned o WHERE t.subject_id = o.subject_id AND t.instance_id = o.instance_id AND t.id = o.id`;
