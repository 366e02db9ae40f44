import type { EvaluationFailure, StartEvent } from '../definition.js';

/**
 * When a timer start event starts the next instance after `after` (the deploy, or the time the start before was due; milliseconds since 1970).
 * `count` numbers the starts since the deploy from 1. Null: never again.
 */
export function nextStart(
  startEvent: Extract<StartEvent, { kind: 'timer' }>,
  after: number,
  count = 1,
): { readonly ok: true; readonly dueAt: number | null } | EvaluationFailure {
  return startEvent.timer.next(after, count, null);
}
