import type { EvaluationFailure } from '../expression.js';
import type { Json, Variables } from '../json.js';

/** A decision of a DMN 1.3 file, compiled once together with all that it requires. */
export interface Decision {
  /** What business rule tasks refer to. */
  readonly id: string;
  readonly name: string;
  /** Names of the input data that it, or what it requires, asks for. Expressions may read other variables too. */
  readonly inputs: readonly string[];
  /** Use {@link evaluateDecision}. */
  readonly evaluate: (context: DecisionContext) => DecisionOutcome;
}

export interface DecisionContext {
  /** What `now()` and `today()` are, in UTC: milliseconds since 1970. */
  readonly at: number;
  readonly variables: Variables;
}

export type DecisionOutcome = DecisionValue | EvaluationFailure;
export interface DecisionValue {
  readonly ok: true;
  /** One output: its value. Several outputs: an object of them. Hit policies that gather: a list. No rule matched, and no default: null. */
  readonly value: Json;
  /** Rules that matched, of this decision and of those it requires, in the order in which they were evaluated. */
  readonly matched: readonly MatchedRules[];
}
export interface MatchedRules {
  readonly decision: string;
  /** Ids of rules; the number of the rule, from 1, where it has none. */
  readonly rules: readonly string[];
}

/** Evaluates a decision. Pure, and bounded in work by counting; a failure is a value. */
export function evaluateDecision(decision: Decision, context: DecisionContext): DecisionOutcome {
  return decision.evaluate(context);
}
