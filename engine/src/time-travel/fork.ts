import { advance } from '../advance.js';
import type { Definition } from '../definition.js';
import type { Input } from '../input.js';
import type { InstanceState } from '../instance-state.js';
import { newInstanceOf, replay, type RecordedHistory, type ReplayedStep } from './replay.js';

export interface ForkOptions {
  /** Number of the last step that is kept; 0 forks before the start. */
  readonly at: number;
  /** What the instance goes on under; default: the same definition. */
  readonly newDefinition?: Definition;
  /** What happens after the fork. Ids in it are those of the state at the fork, and of what comes after. */
  readonly inputs?: readonly Input[];
}

export type Fork =
  | {
      readonly ok: true;
      /** After the last of the inputs. */
      readonly state: InstanceState;
      /** The steps after the fork; their numbers count on. */
      readonly steps: readonly ReplayedStep[];
    }
  | {
      readonly ok: false;
      /** Why the instance cannot go on under the new definition: whole sentences. */
      readonly problems: readonly string[];
    };

/** Another future for an instance: its history up to a step, and from there other inputs, or another definition, or both. */
export function fork(definition: Definition, history: RecordedHistory, options: ForkOptions): Fork {
  const { at, newDefinition = definition, inputs = [] } = options;
  let state = replay(definition, history, { to: at }).at(-1)?.state ?? newInstanceOf(history);
  const problems = misfits(definition, newDefinition, state);
  if (problems.length > 0) return { ok: false, problems };
  const steps = inputs.map((input, index): ReplayedStep => {
    const advanced = advance(newDefinition, state, input);
    state = advanced.state;
    return { number: at + index + 1, input, ...advanced };
  });
  return { ok: true, state, steps };
}

/** Where the state of an instance has no place in another definition: whole sentences, none when it fits. */
export function misfits(definition: Definition, newDefinition: Definition, state: InstanceState): readonly string[] {
  const problems = new Set<string>();
  for (const { elementId, parentTokenId } of state.scopes)
    if (parentTokenId === null && elementId !== newDefinition.key)
      problems.add(
        `The instance belongs to workflow "${elementId}", and the new definition is "${newDefinition.key}".`,
      );
  for (const { elementId, waits } of state.tokens)
    for (const id of new Set([elementId, ...waits.map((wait) => wait.elementId)])) {
      const before = definition.nodes.get(id);
      const after = newDefinition.nodes.get(id);
      if (after === undefined) problems.add(`A token is busy with element "${id}", which the new definition lacks.`);
      else if (before !== undefined && before.type !== after.type)
        problems.add(`A token is busy with element "${id}", which was ${before.type} and is ${after.type} now.`);
      else if (before !== undefined && before.scopeId !== after.scopeId && before.scopeId !== definition.key)
        problems.add(
          `A token is busy with element "${id}", which is in "${after.scopeId}" now and no longer in "${before.scopeId}".`,
        );
    }
  return [...problems];
}
