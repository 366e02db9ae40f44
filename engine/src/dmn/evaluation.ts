import type { Meter } from '../expressions/budget.js';
import type { FeelContext } from '../expressions/compile-feel.js';
import type { MatchedRules } from './decision.js';

/** What a piece of decision logic is evaluated in. */
export interface Evaluation {
  readonly at: number;
  readonly meter: Meter;
  /** Where tables tell which rules matched. */
  readonly matched: MatchedRules[];
  /** FEEL values by name: input data, results of required decisions, entries of boxed contexts, parameters. */
  readonly valueOf: (name: string) => unknown;
}

/** Decision logic, ready to be evaluated; gives a FEEL value. Throws an Error with a whole sentence. */
export type Logic = (evaluation: Evaluation) => unknown;

/** The evaluation as FEEL sees it. */
export function feelContext({ at, meter, valueOf }: Evaluation, input?: unknown): FeelContext {
  return { at, meter, valueOf, ...(input === undefined ? {} : { input }) };
}

/** The evaluation with a few names more, which hide those around them. */
export function withNames(evaluation: Evaluation, names: ReadonlyMap<string, unknown>): Evaluation {
  return {
    ...evaluation,
    valueOf: (name) => (names.has(name) ? names.get(name) : evaluation.valueOf(name)),
  };
}
