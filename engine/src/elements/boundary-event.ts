import type { BoundaryEventNode, FlowNode } from '../flow-node.js';
import { mergeNeeds } from '../expressions/needs.js';
import { awaitNext, hasHappened, needsOf, type Opening, prepareTrigger } from '../step/await-trigger.js';
import { wholeResultOf } from '../step/data-mapping.js';
import { branchOff, interrupt } from '../step/handle.js';
import { leave } from '../step/leave.js';
import { contextFor } from '../step/questions.js';
import { raiseIncident } from '../step/raise-incident.js';
import type { Step, WorkingToken } from '../step/step.js';
import { type ElementBehavior, variablesOf } from './element-behavior.js';

/**
 * Waits while its activity is busy (BPMN 2.0.2, 13.5.3). An interrupting one cancels the activity and takes its token; another
 * makes a token of its own, each time it happens. Errors and escalations are not waited for: they are thrown to it.
 */
export const boundaryEvent: ElementBehavior<BoundaryEventNode> = {
  enter: leave,

  /** `token` rests on the activity. */
  resume(step, token, node, wait, input) {
    const variables = variablesOf(input);
    const { trigger } = node;
    const own = node.data?.keepsResult === true && !(trigger.kind === 'multiple' && trigger.all);
    if (variables !== undefined && !own) step.setVariables(node.id, token.scopeId, variables);
    if (!hasHappened(step, token, wait, trigger)) return;
    let taken = token;
    if (node.interrupting) interrupt(step, token, node);
    else {
      taken = branchOff(step, token, node);
      awaitNext(step, token, node, trigger, wait);
    }
    if (variables !== undefined && own) taken.locals = { ...variables, ...wholeResultOf(node, variables) };
  },
};

/** Arms the boundary events of an activity, all or none. False: something is asked first, or an incident was raised. */
export function armBoundaryEvents(step: Step, token: WorkingToken, activity: FlowNode): boolean {
  const needs = activity.boundaryEvents.map(({ trigger }) => ({ needs: needsOf(trigger) }));
  const context = contextFor(step, token, mergeNeeds(needs));
  if (context === null) return false;
  const openings: Opening[] = [];
  for (const boundary of activity.boundaryEvents) {
    const opening = prepareTrigger(step, token, boundary.id, boundary.trigger, context, false);
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
