import { nextStart, type Definition } from '@xflow/engine';
import type { PoolClient } from 'pg';
import type { BatchRows } from './batch-rows.js';
import type { DefinitionCache } from './definition-cache.js';
import { newInstanceId } from './instance-id.js';
import type { StartTimerRow } from './sql/claim-start-timers.js';
import { moveStartTimers, type MovedStartTimer } from './sql/move-start-timers.js';
import { toTimestamp } from './sql/statement.js';

/**
 * Starts an instance for each of the timer start events, which are due, and sets the next firing from the time it was due, so that cycles
 * do not drift. After an outage one firing stands for all that were missed, unless the diagram wants every one; then one a batch. No user starts such an instance: it is its own
 * subject.
 */
export async function fireStartTimers(
  client: PoolClient,
  definitions: DefinitionCache,
  at: number,
  due: readonly StartTimerRow[],
  rows: BatchRows,
): Promise<void> {
  const moved: MovedStartTimer[] = [];
  for (const timer of due) {
    const id = newInstanceId(at);
    rows.addCommandedStart({
      id,
      subjectId: id,
      workflowKey: timer.workflow_key,
      version: timer.version,
      parent: null,
      businessKey: null,
      command: rows.inboxCommand(id, id, 'start', { input: { kind: 'start', startEventId: timer.element_id } }),
    });
    // A version that does not compile any more fires this once: the incident of the instance tells why.
    const definition = await definitions.get(timer.workflow_key, timer.version).catch(() => null);
    moved.push({
      workflow_key: timer.workflow_key,
      element_id: timer.element_id,
      previous_at: timer.due_at.toISOString(),
      ...(definition ? nextFiring(definition, timer, at) : never(timer)),
    });
  }
  await moveStartTimers(client, moved);
}

type Next = Pick<MovedStartTimer, 'due_at' | 'count'>;

const never = ({ count }: StartTimerRow): Next => ({ due_at: 'infinity', count: count + 1 });

function nextFiring(definition: Definition, timer: StartTimerRow, at: number): Next {
  // An event with several definitions is there once for each of them.
  const start = definition.startEvents.find(({ kind, id }) => kind === 'timer' && id === timer.element_id);
  if (start?.kind !== 'timer') return never(timer);
  const next = nextStart(start, timer.due_at.getTime(), timer.count + 2, at);
  if (!next.ok || next.dueAt === null) return never(timer);
  return { due_at: toTimestamp(next.dueAt), count: next.count - 1 };
}
