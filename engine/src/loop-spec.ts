import type { Expression } from './expression.js';
import type { Thrown } from './thrown.js';

/** Loop characteristics of an activity (BPMN 2.0.2, 10.3.8). */
export type LoopSpec = StandardLoop | MultiInstance;

export interface StandardLoop {
  readonly kind: 'standard';
  /** Whether the condition is tested before the first run, too. */
  readonly testBefore: boolean;
  /** Most runs; null: no limit. */
  readonly maximum: number | null;
  /** Runs again while it is true; null: as often as `maximum` says. */
  readonly condition: Expression | null;
}

export interface MultiInstance {
  readonly kind: 'parallel' | 'sequential';
  /** Number of runs, where there is no collection. */
  readonly cardinality: Expression | null;
  /** A list: one run for each item. */
  readonly collection: Expression | null;
  /** Variable of a run that holds its item; null: none. */
  readonly item: string | null;
  readonly output: {
    /** Variable for the list of all outputs, in the order of the items. */
    readonly collection: string;
    /** Evaluated when a run completes. */
    readonly element: Expression;
    /** Variable that the element reads: each run has its own; null: it reads no single one. */
    readonly variable: string | null;
  } | null;
  /** The other runs are cancelled when it is true at the end of one. */
  readonly completion: Expression | null;
  /**
   * Signals and escalations that are thrown when a run completes: each time, the first time, or when the condition is true. A signal without a
   * name is the default one, which only the boundary events of the activity can hear.
   */
  readonly throws: readonly {
    readonly when: 'each' | 'first' | Expression;
    readonly thrown: Extract<Thrown, { kind: 'signal' | 'escalation' }>;
  }[];
}
