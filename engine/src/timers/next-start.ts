import type { StartEvent } from '../definition.js';
import type { TimerResult } from '../timer-spec.js';

/**
 * When a timer start event starts the next instance after `after` (the deploy, or the time the start before was due; milliseconds since 1970).
 * `count` numbers the starts since the deploy from 1. `noticed`: when the start before was noticed to be due, so that what was missed since is
 * left out, or made up for, as the diagram says. A null `dueAt`: never again.
 */
export function nextStart(
  startEvent: Extract<StartEvent, { kind: 'timer' }>,
  after: number,
  count = 1,
  noticed?: number,
): TimerResult {
  return startEvent.timer.next(after, count, null, noticed);
}
