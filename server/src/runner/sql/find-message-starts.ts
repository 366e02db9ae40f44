import type { Pool, PoolClient } from 'pg';

export interface MessageStart {
  readonly message_name: string;
  readonly workflow_key: string;
  readonly element_id: string;
  readonly version: number;
}

/** Message start events of the newest versions that these messages fire. Takes no locks. */
export async function findMessageStarts(
  client: Pool | PoolClient,
  names: readonly string[],
): Promise<readonly MessageStart[]> {
  const { rows } = await client.query<MessageStart>({ name: 'find-message-starts', text, values: [names] });
  return rows;
}

const text = `
  SELECT message_name, workflow_key, element_id, version FROM start_subscription WHERE message_name = ANY($1)
  ORDER BY message_name, workflow_key, element_id`;
