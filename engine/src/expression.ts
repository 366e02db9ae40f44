import type { Json, Variables } from './json.js';

/** A JSON value whose leaves may be expressions. Constant when `needs` is empty and nothing is an expression. */
export interface Template {
  readonly needs: Needs;
  readonly evaluate: (context: EvaluationContext) => EvaluationResult;
}

/** A compiled FEEL expression (or a constant). */
export interface Expression {
  readonly source: string;
  readonly needs: Needs;
  /** Names of the variables that it reads. */
  readonly reads: readonly string[];
  readonly evaluate: (context: EvaluationContext) => EvaluationResult;
}

/** What must be asked before an expression can be evaluated. */
export interface Needs {
  /** Reads `user`. */
  readonly profile: boolean;
  /** Names in `segment("...")`. */
  readonly segments: readonly string[];
}

export interface EvaluationContext {
  /** The only time: milliseconds since 1970. */
  readonly at: number;
  /** Stable seed for scripts and jitter: the instance's. */
  readonly seed: string;
  readonly variables: Variables;
  /** ProfileAnswer, when needs.profile. */
  readonly user?: Json;
  /** SegmentsAnswer, when needs.segments is not empty. */
  readonly segments?: Readonly<Record<string, boolean>>;
  /** Beside the variables: `result` in an output mapping. */
  readonly locals?: Variables;
}

export type EvaluationResult = { readonly ok: true; readonly value: Json } | EvaluationFailure;

export interface EvaluationFailure {
  readonly ok: false;
  /** Whole sentence. */
  readonly reason: string;
  /** Whole sentence. */
  readonly remedy: string;
}
