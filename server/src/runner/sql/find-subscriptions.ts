import type { PoolClient } from 'pg';
import type { CorrelationKey } from './lock-correlation-keys.js';
import type { RowKey } from './row-key.js';
import { runOverRows } from './statement.js';

export interface OpenSubscription extends RowKey {
  readonly workflow_key: string;
  readonly message_name: string;
  readonly correlation_key: string;
}

/** Who waits for these names and keys, those of this batch included, oldest instance first. Takes no locks: the keys are locked. */
export async function findSubscriptions(
  client: PoolClient,
  keys: readonly CorrelationKey[],
): Promise<readonly OpenSubscription[]> {
  return await runOverRows<OpenSubscription>(client, 'find-subscriptions', text, keys);
}

const text = `
  SELECT s.subject_id, s.instance_id, s.id, s.message_name, s.correlation_key, i.workflow_key
  FROM (SELECT DISTINCT name, key FROM json_to_recordset($1) AS r (name text, key text)) AS wanted
  JOIN subscription s ON s.correlation_key = wanted.key AND s.message_name = wanted.name AND s.event = 'message'
  JOIN instance i ON i.subject_id = s.subject_id AND i.id = s.instance_id
  ORDER BY s.instance_id, s.id`;
