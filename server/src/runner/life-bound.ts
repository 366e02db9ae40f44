import type { BatchContext } from './batch-context.js';
import { bounds } from './bounds.js';
import type { InstanceRow } from './sql/lock-instances.js';
import type { CommandRow } from './sql/take-commands.js';
import { StepRefusal } from './step-refusal.js';

/** Elements that the message names; an instance may stand at thousands. */
const mostNamed = 5;

/** An instance has taken all the steps of its life: its history must not grow without end. */
export class LifeBoundError extends StepRefusal {
  readonly title = 'The instance has taken all the steps that it may take';
  readonly remedy: string;

  constructor({ waiting_at, workflow_key }: Pick<InstanceRow, 'waiting_at' | 'workflow_key'>) {
    const named = waiting_at.slice(0, mostNamed).map((id) => `"${id}"`);
    const others = waiting_at.length - named.length;
    const places = others > 0 ? [...named, `${others} more`] : named;
    super(
      `The instance has taken all of the ${bounds().steps} steps that one may take in its whole life, and stands at ${places.join(', ')}.`,
    );
    this.name = 'LifeBoundError';
    this.remedy =
      `Look in its history for a loop of workflow "${workflow_key}" that never ends, such as one through a timer of no time, or instances that answer each other for ever. ` +
      'Cancel the instance; or start the servers with a higher bound (XFLOW_BOUNDS="steps=..."), migrate the instance to a version without the loop, and retry: it goes on from where it stands.';
  }
}

/**
 * Has the batch keep what has come for instances that have no steps left, as for those whose step threw. Cancelling goes on, with what came before it. It is
 * looked at when a batch takes an instance up, so that one batch may go a little beyond the bound, and none has to be undone.
 */
export function refuseStepsBeyondLife(
  batch: BatchContext,
  locked: Iterable<InstanceRow>,
  commands: readonly CommandRow[],
): void {
  const { steps } = bounds();
  const atBound: InstanceRow[] = [];
  for (const row of locked) if (row.revision >= steps && row.status === 'active') atBound.push(row);
  if (atBound.length === 0) return;
  const cancelled = new Set([
    ...batch
      .requestsOf('input')
      .flatMap(({ request }) => (request.input.kind === 'cancelled' ? [request.instanceId] : [])),
    ...commands.flatMap(({ instance_id, payload }) =>
      'input' in payload && payload.input.kind === 'cancelled' ? [instance_id] : [],
    ),
  ]);
  for (const row of atBound) if (!cancelled.has(row.id)) batch.faulty.set(row.id, new LifeBoundError(row));
}
