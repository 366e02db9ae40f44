import type { HistoryEvent } from '@xflow/schemas';
import type { Definition } from './definition.js';
import { activate } from './elements/ad-hoc-subprocess.js';
import type { Effect } from './effect.js';
import type { Input } from './input.js';
import type { InstanceState } from './instance-state.js';
import { migrateInstance, renameElements } from './step/migrate.js';
import { modifyInstance, setVariables } from './step/modify.js';
import { moveTokens } from './step/move-tokens.js';
import { receive } from './step/receive.js';
import { resolveIncident } from './step/resolve-incident.js';
import { cancelInstance, startInstance } from './step/start-instance.js';
import { Step } from './step/step.js';

export interface Advanced {
  readonly state: InstanceState;
  /** What the world must now do, in this order. */
  readonly effects: readonly Effect[];
  /** What happened, for history, in this order. */
  readonly events: readonly HistoryEvent[];
}

/**
 * The engine: takes one instance one step further. Pure and synchronous; the arguments are not changed, and what the step does
 * not touch is shared between the states. An input for something that is no longer there (a late timer, a closed
 * subscription, an instance that has ended) changes nothing: the same state object, no effects, no events.
 *
 * A failure of the diagram or the data becomes an incident in the result. Throws only for a bug, of the engine or its caller.
 */
export function advance(definition: Definition, state: InstanceState, input: Input): Advanced {
  const before = input.kind === 'migrated' ? renameElements(definition, state, input) : state;
  const step = new Step(definition, before, input.at);
  if (!take(step, state, input)) return { state, effects: [], events: [] };
  moveTokens(step);
  return { state: step.toState(), ...step.toOutcome() };
}

/** False when the input changes nothing. */
function take(step: Step, state: InstanceState, input: Input): boolean {
  if (step.status !== 'active') return false;
  // An answer goes on with the step that asked; everything else begins one.
  if (input.kind !== 'answered' && input.kind !== 'answer-failed') step.burst = 0;
  switch (input.kind) {
    case 'start':
      return startInstance(step, input);
    case 'cancelled':
      return cancelInstance(step);
    case 'incident-resolved':
      return resolveIncident(step, input);
    case 'activate':
      return activate(step, input);
    case 'variables-set':
      return setVariables(step, input);
    case 'modified':
      return modifyInstance(step, input);
    case 'migrated':
      return migrateInstance(step, state, input);
    default:
      return receive(step, input);
  }
}
