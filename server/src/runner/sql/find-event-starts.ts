import type { StartInput } from '@xflow/engine';
import type { PoolClient } from 'pg';

/** A message or signal start event. */
export interface EventStart {
  readonly message_name: string;
  readonly workflow_key: string;
  readonly element_id: string;
  readonly version: number;
  /** Which event of a parallel multiple start event it is; null: it begins the instance alone. */
  readonly part: number | null;
}

/**
 * Start events of the active versions that these messages, or signals, fire. A signal that an instance waits for as one of the events of
 * its parallel multiple start event begins no other there. Locks: see find-archived-versions.ts.
 */
export async function findEventStarts(
  client: PoolClient,
  event: 'message' | 'signal',
  names: readonly string[],
): Promise<readonly EventStart[]> {
  const { rows } = await client.query<EventStart>({ name: 'find-event-starts', text, values: [event, names] });
  return rows;
}

/** What tells the engine by which event the instance begins. */
export const startedBy = ({
  element_id,
  part,
}: Pick<EventStart, 'element_id' | 'part'>): Pick<StartInput, 'startEventId' | 'startEventPart'> => ({
  startEventId: element_id,
  ...(part === null ? {} : { startEventPart: part }),
});

const text = `
  SELECT message_name, workflow_key, element_id, start.version, part FROM start_subscription start
  JOIN definition d ON d.key = start.workflow_key AND d.version = start.version
  WHERE event = $1 AND message_name = ANY($2) AND NOT (event = 'signal' AND part IS NOT NULL AND EXISTS (
    SELECT FROM subscription s JOIN instance i ON i.subject_id = s.subject_id AND i.id = s.instance_id
    WHERE s.event = 'signal' AND s.correlation_key = '' AND s.message_name = start.message_name
      AND s.element_id = start.element_id AND i.workflow_key = start.workflow_key))
  ORDER BY message_name, workflow_key, element_id`;
