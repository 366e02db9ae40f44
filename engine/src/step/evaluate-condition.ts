import type { EvaluationFailure } from '../expression.js';
import type { ConditionalTrigger } from '../trigger.js';
import type { Answers, ConditionWait, QuestionWait, Token } from '../instance-state.js';
import { invariant } from '../invariant.js';
import type { Json } from '../json.js';
import { partsOf, triggerOf } from './await-trigger.js';
import { askForCondition } from './questions.js';
import { raiseIncident } from './raise-incident.js';
import type { Step, WorkingToken } from './step.js';

/** Looks at a condition again, when it knows what it must ask for that. */
export function evaluateAgain(step: Step, token: Token, wait: ConditionWait): void {
  const { profile, segments } = conditionOf(step, wait).condition.needs;
  // What is asked already is answered before the step ends, and then seen with the variables of that time.
  if (token.waits.some((other) => other.kind === 'question' && other.condition?.id === wait.id)) return;
  if (profile) askForCondition(step, step.touch(token), wait, { kind: 'profile' });
  else if (segments.length > 0) askForCondition(step, step.touch(token), wait, { kind: 'segments', segments });
  else evaluate(step, token, wait, {});
}

/** The answer to a question of a condition; nothing, when the condition is not waited for any more. */
export function takeConditionAnswer(step: Step, token: WorkingToken, question: QuestionWait, answer: Json): void {
  step.dropWait(token, question);
  const { condition, about } = question;
  const wait = token.waits.find((other) => other.kind === 'condition' && other.id === condition?.id);
  if (wait?.kind !== 'condition') return;
  const { segments } = conditionOf(step, wait).condition.needs;
  const known = condition?.user === undefined ? {} : { user: condition.user };
  if (about === 'segments')
    evaluate(step, token, wait, { ...known, segments: answer as Readonly<Record<string, boolean>> });
  else if (segments.length > 0) askForCondition(step, token, wait, { kind: 'segments', segments }, answer);
  else evaluate(step, token, wait, { user: answer });
}

function evaluate(step: Step, token: Token, wait: ConditionWait, { user, segments }: Answers): void {
  const { at } = step;
  const { seed } = step.before;
  const result = conditionOf(step, wait).condition.evaluate({
    at,
    seed,
    variables: step.variablesIn(token.scopeId),
    ...(user === undefined ? {} : { user }),
    ...(segments === undefined ? {} : { segments }),
  });
  if (!result.ok) {
    raiseConditionIncident(step, step.touch(token), wait.elementId, 'expression-failed', result);
    return;
  }
  const met = result.value === true;
  if (met === wait.met) return;
  const own = step.touch(token);
  step.dropWait(own, wait);
  step.addWait(own, { ...wait, met });
  if (met) step.metConditions.push(wait.id);
}

/** One incident an event, however often its condition fails. */
export function raiseConditionIncident(
  step: Step,
  token: WorkingToken,
  elementId: string,
  type: 'expression-failed' | 'answer-failed',
  failure: Pick<EvaluationFailure, 'reason' | 'remedy'>,
): void {
  if (!token.waits.some((wait) => wait.kind === 'incident' && wait.elementId === elementId))
    raiseIncident(step, token, step.node(elementId), type, failure);
}

export function conditionOf(step: Step, wait: ConditionWait): ConditionalTrigger {
  const trigger = triggerOf(step.node(wait.elementId));
  const part = trigger && partsOf(trigger)[wait.part ?? 0]?.[0];
  invariant(part?.kind === 'conditional', `Expected a condition at ${wait.elementId}.`);
  return part;
}
