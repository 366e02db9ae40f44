import type { PoolClient } from 'pg';
import { runOverRows } from './statement.js';

export interface KnownMessage {
  readonly correlation_key: string;
  readonly name: string;
  readonly id: string;
  readonly instance_ids: readonly string[];
}

/** Those of the messages that were published before, and to whom they went. Takes no locks: their keys are locked. */
export async function findMessages(
  client: PoolClient,
  messages: readonly { readonly name: string; readonly key: string; readonly id: string }[],
): Promise<readonly KnownMessage[]> {
  return await runOverRows<KnownMessage>(client, 'find-messages', text, messages);
}

const text = `
  SELECT m.correlation_key, m.name, m.id, m.instance_ids
  FROM json_to_recordset($1) AS r (name text, key text, id text)
  JOIN message m ON m.correlation_key = r.key AND m.name = r.name AND m.id = r.id`;
