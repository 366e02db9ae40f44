import { advance, type Advanced } from '../advance.js';
import { createInstance, type NewInstance } from '../create-instance.js';
import type { Definition } from '../definition.js';
import type { Input } from '../input.js';
import type { InstanceState } from '../instance-state.js';
import type { SimulatedInstance } from '../simulation/simulated-instance.js';

/** All that an instance has been told, oldest first. The steps may carry more, as rows of the server's history do. */
export interface RecordedHistory extends NewInstance {
  readonly steps: readonly { readonly input: Input }[];
}

/** One input of a history, and what it led to. */
export interface ReplayedStep extends Advanced {
  /** 1 is the start. */
  readonly number: number;
  readonly input: Input;
}

/**
 * Plays a history again: the exact state after every step, with its effects and events. The definition must be the one under
 * which the history was written. `to` is the number of the last step to play; default: all of them.
 */
export function replay(
  definition: Definition,
  history: RecordedHistory,
  { to = history.steps.length }: { readonly to?: number } = {},
): readonly ReplayedStep[] {
  let state = newInstanceOf(history);
  return history.steps.slice(0, to).map(({ input }, index) => {
    const advanced = advance(definition, state, input);
    state = advanced.state;
    return { number: index + 1, input, ...advanced };
  });
}

/** The history of an instance in a simulation. */
export function historyOf({ id, user, businessKey, seed, inputs }: SimulatedInstance): RecordedHistory {
  return {
    instanceId: id,
    subjectId: user,
    seed,
    ...(businessKey === null ? {} : { businessKey }),
    steps: inputs.map((input) => ({ input })),
  };
}

/** The instance before its first step. */
export function newInstanceOf({ instanceId, subjectId, businessKey, seed }: NewInstance): InstanceState {
  return createInstance({
    instanceId,
    subjectId,
    ...(businessKey === undefined ? {} : { businessKey }),
    ...(seed === undefined ? {} : { seed }),
  });
}
