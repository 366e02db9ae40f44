import type { PoolClient } from 'pg';
import { LifeBoundError } from './life-bound.js';
import type { PendingInput } from './live-instance.js';
import type { InstanceRow } from './sql/lock-instances.js';
import { parkCommands, type Fault } from './sql/park-commands.js';
import { toTimestamp } from './sql/statement.js';
import { StepRefusal } from './step-refusal.js';

/** Type of the incident of an instance whose step threw, or was refused. Its retry gives the instance again what it could not take. */
export const faultIncidentType = 'step-failed';

/**
 * Takes faulty instances out of their batch: what they could not take stays in their inboxes, due when someone has resolved the
 * incident that tells of it. Inputs without a source were refused already, and are not kept. Returns the instances that have an incident more.
 */
export async function parkFaults(
  client: PoolClient,
  instances: readonly InstanceRow[],
  pending: ReadonlyMap<string, readonly PendingInput[]>,
  causes: ReadonlyMap<string, unknown>,
  at: number,
): Promise<readonly InstanceRow[]> {
  const parked: InstanceRow[] = [];
  const faults = instances.flatMap((row): readonly Fault[] => {
    const kept = pending.get(row.id)!.flatMap(({ source }) => (source ? [source] : []));
    if (kept.length === 0) return [];
    const key = { subject_id: row.subject_id, instance_id: row.id };
    const commands = kept.map((source) => ({
      ...key,
      id: source.id,
      due_at: 'infinity',
      kind: source.payload.input.kind,
      payload: source.payload,
      attempts: source.attempts + 1,
    }));
    const cause = causes.get(row.id);
    // However much comes for an instance that takes nothing any more: one incident tells of it, and its retry gives all of it.
    if (cause instanceof LifeBoundError && hasOpenFault(row)) return [{ commands, incident: null }];
    parked.push(row);
    const incident = {
      ...key,
      id: `fault ${row.revision} ${kept[0]!.id} ${kept[0]!.attempts}`,
      workflow_key: row.workflow_key,
      element_id: row.workflow_key,
      type: faultIncidentType,
      ...explain(cause),
      choices: [],
      raised_at: toTimestamp(at),
    };
    return [{ commands, incident }];
  });
  await parkCommands(client, faults);
  return parked;
}

const hasOpenFault = ({ open_incidents, state }: InstanceRow): boolean =>
  open_incidents > (state.incidents ?? []).length;

function explain(cause: unknown): { readonly reason: string; readonly remedy: string } {
  if (cause instanceof StepRefusal) return { reason: cause.message, remedy: cause.remedy };
  return {
    reason: `The server could not advance the instance: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy:
      'This is a defect of the server, not of the diagram. Report it with the server log; after an update, retry: the instance goes on from where it stood.',
  };
}
