import { advance, type Advanced } from '../advance.js';
import { createInstance, type NewInstance } from '../create-instance.js';
import type { Definition } from '../definition.js';
import type { Input, MigratedInput } from '../input.js';
import { invariant } from '../invariant.js';
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

export interface ReplayOptions {
  /** Number of the last step to play; default: all of them. */
  readonly to?: number;
  /** The definition that the instance was migrated to; needed where the history tells of a migration. */
  readonly migratedTo?: (input: MigratedInput) => Definition;
}

/**
 * Plays a history again: the exact state after every step, with its effects and events. The definition must be the one under
 * which the instance was started.
 */
export function replay(
  definition: Definition,
  history: RecordedHistory,
  { to = history.steps.length, migratedTo }: ReplayOptions = {},
): readonly ReplayedStep[] {
  let state = newInstanceOf(history);
  let current = definition;
  return history.steps.slice(0, to).map(({ input }, index) => {
    if (input.kind === 'migrated') {
      invariant(migratedTo, `Expected the definition that step ${index + 1} migrates to: pass migratedTo.`);
      current = migratedTo(input);
    }
    const advanced = advance(current, state, input);
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
