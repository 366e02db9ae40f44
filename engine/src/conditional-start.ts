import type { Expression } from './expression.js';
import type { Json } from './json.js';
import type { ProfileAnswer, SegmentsAnswer } from './question.js';

/** What is known of a user for whom a conditional start event may happen. */
export interface ConditionalStartContext {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly user: ProfileAnswer;
  /** Of the segments that the condition names. */
  readonly segments: SegmentsAnswer;
}

/**
 * Whether the condition of a conditional start event is true for a user (BPMN 2.0.2, 10.5.2). The event happens when it becomes true, so whoever
 * runs the engine remembers for whom it was. There are no variables before an instance has begun; a condition that fails is not true.
 */
export function isStartConditionMet(condition: Expression, { at, user, segments }: ConditionalStartContext): boolean {
  const result = condition.evaluate({ at, seed: user.id, variables: {}, user: user as unknown as Json, segments });
  return result.ok && result.value === true;
}
