import type { PoolClient } from 'pg';

/** A message or signal start event. */
export interface EventStart {
  readonly message_name: string;
  readonly workflow_key: string;
  readonly element_id: string;
  readonly version: number;
}

/** Start events of the newest versions that these messages, or signals, fire. Takes no locks. */
export async function findEventStarts(
  client: PoolClient,
  event: 'message' | 'signal',
  names: readonly string[],
): Promise<readonly EventStart[]> {
  const { rows } = await client.query<EventStart>({ name: 'find-event-starts', text, values: [event, names] });
  return rows;
}

const text = `
  SELECT message_name, workflow_key, element_id, version FROM start_subscription
  WHERE event = $1 AND message_name = ANY($2)
  ORDER BY message_name, workflow_key, element_id`;
