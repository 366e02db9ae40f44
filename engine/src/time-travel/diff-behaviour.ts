import type { Definition } from '../definition.js';
import { inspect } from '../inspect.js';
import type { InstanceState } from '../instance-state.js';
import { factsOf } from './facts.js';
import { Parallel } from './parallel.js';
import type { RecordedHistory } from './replay.js';

/** How one history would have gone under another definition. */
export interface BehaviourDiff {
  readonly instanceId: string;
  /** Whether everything in the history can still happen: each input finds what it is for, and every question has its answer. */
  readonly fits: boolean;
  /** Where it does not: the number of the step, and a whole sentence why. What comes after is not compared. */
  readonly misfit: { readonly step: number; readonly reason: string } | null;
  /** Number of the first step that leads to something else; null: there is none. */
  readonly partsAt: number | null;
  readonly changes: readonly BehaviourChange[];
  /** At the end of what was compared. */
  readonly before: Outcome;
  readonly after: Outcome;
}

export interface BehaviourChange {
  /** Number of the step in the history; 1 is the start. */
  readonly step: number;
  /** What happened, and would not happen now, as in `enters "Task_1"`. */
  readonly lost: readonly string[];
  /** What would happen now, and did not. */
  readonly gained: readonly string[];
}

export interface Outcome {
  readonly status: InstanceState['status'];
  readonly waitingAt: readonly string[];
}

/**
 * Tells for each history whether it still fits a changed definition, where it parts, and what changes. Inputs are brought to the same
 * element under the new definition, whatever ids it gives out; answers of the history answer what the new definition asks.
 */
export function diffBehaviour(
  oldDefinition: Definition,
  newDefinition: Definition,
  histories: readonly RecordedHistory[],
): readonly BehaviourDiff[] {
  return histories.map((history) => diffOne(oldDefinition, newDefinition, history));
}

function diffOne(oldDefinition: Definition, newDefinition: Definition, history: RecordedHistory): BehaviourDiff {
  const parallel = new Parallel(oldDefinition, newDefinition, history);
  const changes: BehaviourChange[] = [];
  let misfit: BehaviourDiff['misfit'] = null;
  for (let turn = parallel.next(); turn !== null; turn = parallel.next()) {
    const { step, before, after } = turn;
    if (turn.misfit !== null) {
      misfit = { step, reason: turn.misfit };
      break;
    }
    const was = factsOf(before);
    const is = factsOf(after);
    const change = { step, lost: without(was, is), gained: without(is, was) };
    if (change.lost.length + change.gained.length > 0) changes.push(change);
  }
  return {
    instanceId: history.instanceId,
    fits: misfit === null,
    misfit,
    partsAt: changes[0]?.step ?? misfit?.step ?? null,
    changes,
    before: outcomeOf(oldDefinition, parallel.oldState),
    after: outcomeOf(newDefinition, parallel.newState),
  };
}

function outcomeOf(definition: Definition, state: InstanceState): Outcome {
  const { status, waitingAt } = inspect(definition, state);
  return { status, waitingAt };
}

/** The facts of the first list that the second lacks; what is there twice must be there twice. */
function without(facts: readonly string[], others: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const fact of others) counts.set(fact, (counts.get(fact) ?? 0) + 1);
  return facts.filter((fact) => {
    const left = counts.get(fact) ?? 0;
    counts.set(fact, left - 1);
    return left <= 0;
  });
}
