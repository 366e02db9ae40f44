import type { EvaluationContext, EvaluationFailure, Expression } from '../expression.js';
import type { TimerSpec } from '../timer-spec.js';
import { asks } from '../expressions/needs.js';
import type { Answers, ConditionWait } from '../instance-state.js';
import type { Step, WorkingToken } from './step.js';

/** When a timer is due for the first time, or why nobody can say. */
export function firstDue(
  timer: TimerSpec,
  context: EvaluationContext,
): { readonly ok: true; readonly dueAt: number } | EvaluationFailure {
  const result = timer.next(context.at, 1, context);
  if (!result.ok) return result;
  if (result.dueAt !== null) return { ok: true, dueAt: result.dueAt };
  return {
    ok: false,
    reason: 'the timer never fires.',
    remedy: 'Give the timer a date, a duration, or a cycle with at least one repetition.',
  };
}

/** `count` and `answers` matter to cycles only: which firing it is, and what the next one is computed from. */
export function openTimer(
  step: Step,
  token: WorkingToken,
  elementId: string,
  dueAt: number,
  count = 1,
  answers: Answers | null = null,
  part?: number,
): void {
  const timerId = step.newId('timer');
  step.addWait(token, { kind: 'timer', id: timerId, elementId, ...positionOf(part), dueAt, count, answers });
  step.effects.push({ kind: 'schedule-timer', timerId, elementId, dueAt });
  step.events.push({ kind: 'timer-scheduled', elementId, timerId, dueAt });
}

/** The correlation key: the value of the expression as text, or the subject's id where there is no expression. */
export function correlationKeyOf(
  step: Step,
  expression: Expression | null,
  context: EvaluationContext,
): { readonly ok: true; readonly key: string } | EvaluationFailure {
  if (expression === null) return { ok: true, key: step.before.subjectId };
  const result = expression.evaluate(context);
  if (!result.ok) return result;
  const { value } = result;
  if (typeof value === 'string' && value !== '') return { ok: true, key: value };
  if (typeof value === 'number' || typeof value === 'boolean') return { ok: true, key: String(value) };
  return {
    ok: false,
    reason: `the correlation key ${expression.source} gave ${JSON.stringify(value).slice(0, 200)}, which is no text and no number.`,
    remedy: 'Set the variables that the correlation key reads, then retry.',
  };
}

export function openSubscription(
  step: Step,
  token: WorkingToken,
  elementId: string,
  messageName: string,
  correlationKey: string,
  part?: number,
): void {
  const subscriptionId = step.newId('subscription');
  step.addWait(token, { kind: 'message', id: subscriptionId, elementId, messageName, ...positionOf(part) });
  step.effects.push({
    kind: 'open-subscription',
    subscriptionId,
    elementId,
    event: 'message',
    messageName,
    correlationKey,
  });
  step.events.push({ kind: 'message-awaited', elementId, subscriptionId, messageName, correlationKey });
}

export function openSignal(
  step: Step,
  token: WorkingToken,
  elementId: string,
  signalName: string,
  part?: number,
): void {
  const subscriptionId = step.newId('subscription');
  step.addWait(token, { kind: 'signal', id: subscriptionId, elementId, signalName, ...positionOf(part) });
  step.effects.push({
    kind: 'open-subscription',
    subscriptionId,
    elementId,
    event: 'signal',
    messageName: signalName,
    correlationKey: '',
  });
  step.events.push({ kind: 'signal-awaited', elementId, subscriptionId, signalName });
}

/** A condition that is true already happens before the next token moves. One that reads the user is told of changes. */
export function openCondition(
  step: Step,
  token: WorkingToken,
  elementId: string,
  { needs }: Expression,
  met: boolean,
  part?: number,
): ConditionWait {
  const watches = asks(needs);
  const id = step.newId(watches ? 'subscription' : 'condition');
  const place = { kind: 'condition', id, elementId, ...positionOf(part), met } as const;
  const wait: ConditionWait = watches ? { ...place, watches } : place;
  step.addWait(token, wait);
  if (met) step.metConditions.push(id);
  if (watches) {
    const correlationKey = step.before.subjectId;
    step.effects.push({
      kind: 'open-subscription',
      subscriptionId: id,
      elementId,
      event: 'user',
      messageName: '',
      correlationKey,
    });
  }
  return wait;
}

/** An error or an escalation is thrown to the event; a parallel multiple one remembers that it lacks it. */
export function openThrown(step: Step, token: WorkingToken, elementId: string, part: number): void {
  step.addWait(token, { kind: 'thrown', id: step.newId('thrown'), elementId, part });
}

const positionOf = (part: number | undefined) => (part === undefined ? {} : { part });
