import type { EvaluationContext, EvaluationFailure, Needs } from '../expression.js';
import type { FlowNode } from '../flow-node.js';
import type { SingleTrigger, TimerTrigger, Trigger } from '../trigger.js';
import { mergeNeeds, noNeeds } from '../expressions/needs.js';
import type { TimerWait, Wait } from '../instance-state.js';
import { invariant } from '../invariant.js';
import { closeWait } from './close-waits.js';
import { evaluateAgain } from './evaluate-condition.js';
import {
  correlationKeyOf,
  firstDue,
  openCondition,
  openSignal,
  openSubscription,
  openThrown,
  openTimer,
} from './open-waits.js';
import { contextFor } from './questions.js';
import { raiseIncident } from './raise-incident.js';
import type { Step, WorkingToken } from './step.js';

/** The event definitions of an event, each with its position where there are several. */
export function partsOf(trigger: Trigger): readonly (readonly [part: SingleTrigger, position: number | undefined])[] {
  return trigger.kind === 'multiple'
    ? trigger.triggers.map((part, position) => [part, position])
    : [[trigger, undefined]];
}

/** What an event waits for; null: it waits for nothing. */
export function triggerOf(node: FlowNode): Trigger | null {
  switch (node.type) {
    case 'boundary-event':
    case 'event-subprocess-start-event':
    case 'signal-catch-event':
    case 'conditional-catch-event':
    case 'multiple-catch-event':
      return node.trigger;
    case 'multiple-start-event':
      return node.trigger.all ? node.trigger : null;
    case 'timer-catch-event':
      return { kind: 'timer', timer: node.timer };
    case 'message-catch-event':
    case 'receive-task':
      return { kind: 'message', messageName: node.messageName, correlationKey: node.correlationKey };
    default:
      return null;
  }
}

/** Whether the event waits for something of its own accord; other things are thrown to it. */
export function isAwaited(trigger: Trigger): boolean {
  return isParallel(trigger) || partsOf(trigger).some(([{ kind }]) => awaited.has(kind));
}
const awaited: ReadonlySet<SingleTrigger['kind']> = new Set(['timer', 'message', 'signal', 'conditional'] as const);

export function needsOf(trigger: Trigger): Needs {
  return mergeNeeds(
    partsOf(trigger).map(([part]) => {
      switch (part.kind) {
        case 'timer':
          return { needs: part.timer.needs };
        case 'message':
          return { needs: part.correlationKey?.needs ?? noNeeds };
        case 'conditional':
          return { needs: part.condition.needs };
        default:
          return { needs: noNeeds };
      }
    }),
  );
}

export const isParallel = (trigger: Trigger): boolean => trigger.kind === 'multiple' && trigger.all;
const isThrown = ({ kind }: SingleTrigger): boolean => kind === 'error' || kind === 'escalation';

/** The signal of a multi-instance activity that names no event for what its runs throw (BPMN 2.0.2, table 10.31). */
export const isDefaultSignal = (part: SingleTrigger): boolean => part.kind === 'signal' && part.signalName === '';

export type Opening = () => void;

/**
 * What opens the waits of an event on `token`, all or none, or why they cannot be opened. `once`: an event that is left when it has
 * happened, so that a timer that never fires is a failure; else a cycle without repetitions is one that never happens. `happened`:
 * position of the event definition that has happened already.
 */
export function prepareTrigger(
  step: Step,
  token: WorkingToken,
  elementId: string,
  trigger: Trigger,
  context: EvaluationContext,
  once: boolean,
  happened?: number,
): Opening | EvaluationFailure {
  const openings: Opening[] = [];
  for (const [part, position] of partsOf(trigger)) {
    if (position !== undefined && position === happened) continue;
    if (isParallel(trigger) && isThrown(part)) {
      openings.push(() => openThrown(step, token, elementId, position!));
      continue;
    }
    const opening = preparePart(step, token, elementId, part, position, context, once);
    if (typeof opening !== 'function') return opening;
    openings.push(opening);
  }
  return () => {
    for (const open of openings) open();
  };
}

function preparePart(
  step: Step,
  token: WorkingToken,
  elementId: string,
  part: SingleTrigger,
  position: number | undefined,
  context: EvaluationContext,
  once: boolean,
): Opening | EvaluationFailure {
  switch (part.kind) {
    case 'error':
    case 'escalation':
    case 'compensation':
    case 'cancel':
      return () => undefined;
    case 'signal':
      // Thrown to it by its activity.
      if (isDefaultSignal(part)) return () => undefined;
      return () => openSignal(step, token, elementId, part.signalName, position);
    case 'message': {
      const result = correlationKeyOf(step, part.correlationKey, context);
      return result.ok
        ? () => openSubscription(step, token, elementId, part.messageName, result.key, position)
        : result;
    }
    case 'conditional': {
      const { condition } = part;
      // What was not asked before is asked for the condition itself.
      if (!knows(context, condition.needs))
        return () => evaluateAgain(step, token, openCondition(step, token, elementId, condition, false, position));
      const result = condition.evaluate(context);
      return result.ok
        ? () => openCondition(step, token, elementId, condition, result.value === true, position)
        : result;
    }
    case 'timer':
      return prepareTimer(step, token, elementId, part, position, context, once);
  }
}

const knows = ({ user, segments }: EvaluationContext, needs: Needs): boolean =>
  (!needs.profile || user !== undefined) && (needs.segments.length === 0 || segments !== undefined);

function prepareTimer(
  step: Step,
  token: WorkingToken,
  elementId: string,
  { timer }: TimerTrigger,
  position: number | undefined,
  context: EvaluationContext,
  once: boolean,
): Opening | EvaluationFailure {
  if (once) {
    const due = firstDue(timer, context);
    return due.ok ? () => openTimer(step, token, elementId, due.dueAt, 1, null, position) : due;
  }
  const result = timer.next(context.at, 1, context);
  if (!result.ok) return result;
  const { dueAt } = result;
  if (dueAt === null) return () => undefined;
  const kept = timer.repeats && (timer.needs.profile || timer.needs.segments.length > 0) ? token.answers : null;
  return () => openTimer(step, token, elementId, dueAt, 1, kept, position);
}

/**
 * Something that the event waits for has happened. True when with it the event has: of a parallel multiple one all the others have
 * happened before. A timer is taken from the token, because it is over in the world; a condition stays, to be true again.
 */
export function hasHappened(step: Step, token: WorkingToken, wait: Wait, trigger: Trigger): boolean {
  if (wait.kind === 'timer') step.dropWait(token, wait);
  if (!isParallel(trigger)) return true;
  if (token.waits.includes(wait)) {
    step.dropWait(token, wait);
    closeWait(step, wait);
  }
  return !token.waits.some(({ elementId, kind }) => elementId === wait.elementId && kind !== 'incident');
}

/** A non-interrupting event has happened, and waits for the next time: a cycle for its next firing, a parallel multiple one for all again. */
export function awaitNext(step: Step, token: WorkingToken, node: FlowNode, trigger: Trigger, wait: Wait): void {
  if (isParallel(trigger)) {
    awaitAll(step, token, node, trigger);
    return;
  }
  const part = partsOf(trigger)[wait.kind === 'timer' ? (wait.part ?? 0) : 0]?.[0];
  if (wait.kind === 'timer' && part?.kind === 'timer' && part.timer.repeats)
    awaitNextFiring(step, token, node, part, wait);
}

/** A parallel multiple event waits for all of its events from the beginning. */
export function awaitAll(step: Step, token: WorkingToken, node: FlowNode, trigger: Trigger): void {
  const context = contextFor(step, token, noNeeds);
  invariant(context, `Expected that ${node.id} needs no answers.`);
  const opening = prepareTrigger(step, token, node.id, trigger, context, false);
  if (typeof opening === 'function') opening();
  else raiseIncident(step, token, node, 'expression-failed', opening);
}

/** The next firing is computed from when this one was due, not from when it was noticed: cycles do not drift. What was missed since is up to the timer. */
function awaitNextFiring(
  step: Step,
  token: WorkingToken,
  node: FlowNode,
  { timer }: TimerTrigger,
  { dueAt, count, answers, part }: TimerWait,
): void {
  const context = contextFor(step, { ...token, answers }, timer.needs);
  invariant(context, `Expected the answers that the cycle of ${node.id} was armed with.`);
  const next = timer.next(dueAt, count + 1, context, step.at);
  if (!next.ok)
    raiseIncident(step, token, node, 'expression-failed', {
      reason: `the cycle has no further firing after ${count}: ${next.reason}`,
      remedy: 'Resolve the incident to go on without further firings.',
    });
  else if (next.dueAt !== null) openTimer(step, token, node.id, next.dueAt, next.count, answers, part);
}
