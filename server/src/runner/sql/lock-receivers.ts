import type { PoolClient } from 'pg';
import type { CorrelationKey } from './lock-correlation-keys.js';
import { instanceColumns, type InstanceRow } from './lock-instances.js';
import { runOverRows } from './statement.js';

/** Most receivers that a batch takes for its messages: as many as it takes instances for other reasons. */
const mostReceivers = 500;

/**
 * Locks instances that wait for these names and keys. Those that another batch holds are missing (SKIP LOCKED: nobody waits here, so that nothing
 * can deadlock with it), and those beyond what one batch takes. One that waits twice comes twice.
 *
 * The limit stands with the subscriptions, which also keeps the planner from beginning with the instances: without ANALYZE it takes them to be few.
 */
export async function lockReceivers(
  client: PoolClient,
  keys: readonly CorrelationKey[],
): Promise<readonly InstanceRow[]> {
  return await runOverRows<InstanceRow>(client, 'lock-receivers', text, keys);
}

const text = `
  SELECT ${instanceColumns}
  FROM (
    SELECT s.subject_id, s.instance_id
    FROM (SELECT DISTINCT name, key FROM json_to_recordset($1) AS r (name text, key text)) AS wanted
    JOIN subscription s ON s.correlation_key = wanted.key AND s.message_name = wanted.name AND s.event = 'message'
    LIMIT ${mostReceivers}
  ) AS waiting
  JOIN instance i ON i.subject_id = waiting.subject_id AND i.id = waiting.instance_id
  FOR UPDATE OF i SKIP LOCKED`;
