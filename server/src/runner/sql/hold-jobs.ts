import type { PoolClient } from 'pg';
import { runOverRows } from './statement.js';

/**
 * Jobs of suspended instances are offered to nobody. Those under way lose their lease, so that nobody gives them back meanwhile: they
 * are done again after the resumption, with the same idempotency key.
 * Locks: the tasks, of instances that the batch holds; whoever is just leasing one is waited for.
 */
export async function holdJobs(
  client: PoolClient,
  rows: readonly { readonly subject_id: string; readonly instance_id: string }[],
): Promise<void> {
  await runOverRows(client, 'hold-jobs', text, rows);
}

const text = `
  UPDATE task t SET next_attempt_at = 'infinity', lease_owner = NULL, worker = NULL, queued_in = NULL
  FROM json_to_recordset($1) AS r (subject_id text, instance_id uuid)
  WHERE t.subject_id = r.subject_id AND t.instance_id = r.instance_id AND t.kind = 'job'`;
