import type { BoundaryEventNode, EvaluationContext, EvaluationFailure, FlowNode } from '../definition.js';
import { mergeNeeds, noNeeds } from '../expressions/needs.js';
import type { TimerWait } from '../instance-state.js';
import { invariant } from '../invariant.js';
import { maxTokens } from '../step/bounds.js';
import { leave, raiseTokenBound } from '../step/leave.js';
import { contextFor } from '../step/questions.js';
import { raiseIncident } from '../step/raise-incident.js';
import type { Step, WorkingToken } from '../step/step.js';
import { interrupt } from '../step/throw-error.js';
import { correlationKeyOf, openSubscription, openTimer } from '../step/open-waits.js';
import type { ElementBehavior } from './element-behavior.js';

/**
 * Waits while its activity is busy (BPMN 2.0.2, 13.5.3). An interrupting one cancels the activity and takes its token; another
 * makes a token of its own, each time it happens. Errors are not waited for: they are thrown to it.
 */
export const boundaryEvent: ElementBehavior<BoundaryEventNode> = {
  enter: leave,

  /** `token` rests on the activity. */
  resume(step, token, node, wait, input) {
    if (input.kind === 'timer-due') step.dropWait(token, wait);
    if (input.kind === 'message' && input.variables !== undefined)
      step.setVariables(node.id, token.scopeId, input.variables);
    if (node.interrupting) {
      interrupt(step, token, node);
      return;
    }
    const full = step.tokens.length >= maxTokens;
    const branch = step.addToken(node, token.scopeId, null);
    if (full) {
      raiseTokenBound(step, branch, node);
      return;
    }
    step.enqueue(branch, node);
    if (wait.kind === 'timer') armNextFiring(step, token, node, wait);
  },
};

/** Arms the boundary events of an activity, all or none. False: something is asked first, or an incident was raised. */
export function armBoundaryEvents(step: Step, token: WorkingToken, activity: FlowNode): boolean {
  const needs = activity.boundaryEvents.map((boundary) => ({ needs: needsOf(boundary) }));
  const context = contextFor(step, token, mergeNeeds(needs));
  if (context === null) return false;
  const openings: (() => void)[] = [];
  for (const boundary of activity.boundaryEvents) {
    const opening = prepare(step, token, boundary, context);
    if (typeof opening !== 'function') {
      raiseIncident(step, token, boundary, 'expression-failed', opening);
      return false;
    }
    openings.push(opening);
  }
  for (const open of openings) open();
  token.armed = true;
  return true;
}

function needsOf({ trigger }: BoundaryEventNode) {
  if (trigger.kind === 'timer') return trigger.timer.needs;
  return trigger.kind === 'message' ? (trigger.correlationKey?.needs ?? noNeeds) : noNeeds;
}

/** What opens the boundary event, or why it cannot be opened. */
function prepare(
  step: Step,
  token: WorkingToken,
  { id, trigger }: BoundaryEventNode,
  context: EvaluationContext,
): (() => void) | EvaluationFailure {
  switch (trigger.kind) {
    case 'error':
      return () => undefined;
    case 'message': {
      const result = correlationKeyOf(step, trigger.correlationKey, context);
      return result.ok ? () => openSubscription(step, token, id, trigger.messageName, result.key) : result;
    }
    case 'timer': {
      const { timer } = trigger;
      const result = timer.next(context.at, 1, context);
      if (!result.ok) return result;
      const { dueAt } = result;
      // A cycle of no repetitions never fires.
      if (dueAt === null) return () => undefined;
      const kept = timer.repeats && (timer.needs.profile || timer.needs.segments.length > 0) ? token.answers : null;
      return () => openTimer(step, token, id, dueAt, 1, kept);
    }
  }
}

/** The next firing is computed from when this one was due, not from when it was noticed: cycles do not drift. */
function armNextFiring(
  step: Step,
  token: WorkingToken,
  node: BoundaryEventNode,
  { dueAt, count, answers }: TimerWait,
): void {
  if (node.trigger.kind !== 'timer' || !node.trigger.timer.repeats) return;
  const context = contextFor(step, { ...token, answers }, node.trigger.timer.needs);
  invariant(context, `Expected the answers that the cycle of ${node.id} was armed with.`);
  const next = node.trigger.timer.next(dueAt, count + 1, context);
  if (!next.ok)
    raiseIncident(step, token, node, 'expression-failed', {
      reason: `the cycle has no further firing after ${count}: ${next.reason}`,
      remedy: 'Resolve the incident to go on without further firings.',
    });
  else if (next.dueAt !== null) openTimer(step, token, node.id, next.dueAt, count + 1, answers);
}
