import type { PoolClient } from 'pg';
import type { RowKey } from './row-key.js';
import { runOverRows } from './statement.js';

export interface SubscriptionRow extends RowKey {
  readonly element_id: string;
  readonly event: 'message' | 'signal' | 'user';
  /** Or of a signal; of a user empty. */
  readonly message_name: string;
  /** Of a user: their id. */
  readonly correlation_key: string;
}

/** Subscriptions that were opened. The batch must hold the locks of their correlation keys: see lock-correlation-keys.ts. */
export async function insertSubscriptions(client: PoolClient, rows: readonly SubscriptionRow[]): Promise<void> {
  await runOverRows(client, 'insert-subscriptions', text, rows);
}

const text = `
  INSERT INTO subscription (subject_id, instance_id, id, element_id, event, message_name, correlation_key)
  SELECT subject_id, instance_id, id, element_id, event, message_name, correlation_key
  FROM json_to_recordset($1) AS r (subject_id text, instance_id uuid, id text, element_id text, event text,
    message_name text, correlation_key text)`;
