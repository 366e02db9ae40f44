import type { EvaluationContext, EvaluationFailure, Needs } from './expression.js';

/** When a timer is due. Pure: everything it needs is in its arguments. */
export interface TimerSpec {
  readonly needs: Needs;
  /** Whether it fires more than once (timeCycle). */
  readonly repeats: boolean;
  /**
   * The time of firing number `count` (1 is the first) as milliseconds since 1970, or null when there is no further one.
   * `previous` is the time the firing before was due (for the first: the time of entry), so that cycles do not drift.
   * A null context is allowed for start events, whose timers are constant. `noticed` is when the firing before was noticed: what was due
   * since and until then has been missed, and unless the diagram says that every one is to be made up for, the next firing is later.
   */
  readonly next: (previous: number, count: number, context: EvaluationContext | null, noticed?: number) => TimerResult;
}

/** `count`: the number of the firing, which is more than was asked for where some are left out. */
export type TimerResult =
  { readonly ok: true; readonly dueAt: number | null; readonly count: number } | EvaluationFailure;
