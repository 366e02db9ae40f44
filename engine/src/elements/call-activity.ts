import type { CallActivityNode } from '../flow-node.js';
import { mergeNeeds } from '../expressions/needs.js';
import { invariant } from '../invariant.js';
import { isObject, type Variables } from '../json.js';
import { assignAll, inputsOf, setResult } from '../step/data-mapping.js';
import { leave } from '../step/leave.js';
import { mapOutputs, startCompleting } from '../step/map-result.js';
import { contextFor, forgetAnswers } from '../step/questions.js';
import { raiseIncident } from '../step/raise-incident.js';
import type { Step, WorkingToken } from '../step/step.js';
import { endWithError, throwFromActivity } from '../step/throw-error.js';
import type { ElementBehavior } from './element-behavior.js';

/** Starts an instance of another workflow for the same subject, and rests until it has ended (BPMN 2.0.2, 13.3.4). */
export const callActivity: ElementBehavior<CallActivityNode> = {
  enter(step, token, node) {
    const variables = callInputs(step, token, node);
    if (variables === null) return;
    forgetAnswers(token);
    const callId = step.newId('call');
    const { id: elementId, calledWorkflow: workflowKey } = node;
    step.addWait(token, { kind: 'call', id: callId, elementId, workflowKey });
    step.effects.push({ kind: 'start-instance', callId, elementId, workflowKey, variables });
    step.events.push({ kind: 'call-started', elementId, callId, workflowKey });
  },

  resume(step, token, node, wait, input) {
    invariant(input.kind === 'call-ended', `Expected the end of a call for ${node.id}, not ${input.kind}.`);
    const { callId, outcome, variables, error } = input;
    step.dropWait(token, wait);
    step.events.push({ kind: 'call-ended', elementId: node.id, callId, outcome });
    if (outcome === 'completed' || outcome === 'terminated') {
      startCompleting(token, variables ?? {});
      completeCall(step, token, node);
    } else if (outcome === 'error' && error !== undefined) {
      // What the called process did not catch goes on outwards, through this one too: its caller may catch it.
      if (!throwFromActivity(step, token, node, error)) endWithError(step, error);
    } else {
      const why = error === undefined ? '' : ` ${error.message ?? `Error ${error.code}.`}`;
      raiseIncident(step, token, node, 'call-failed', {
        reason: `the called workflow "${node.calledWorkflow}" ${outcome === 'cancelled' ? 'was cancelled' : 'could not be run'}.${why}`,
        remedy: 'Retry to call it again, or cancel this instance.',
      });
    }
  },

  complete: completeCall,
};

/** Null when something is asked first, or an expression failed. */
function callInputs(step: Step, token: WorkingToken, node: CallActivityNode): Variables | null {
  const context = contextFor(step, token, mergeNeeds(node.inputs.map(({ value }) => value)));
  if (context === null) return null;
  const assigned = assignAll(node.inputs, context, {});
  if (!assigned.ok) {
    raiseIncident(step, token, node, 'expression-failed', assigned);
    return null;
  }
  const { variables } = assigned;
  return node.passesAll ? { ...(inputsOf(node, token) ?? step.variablesOf(token)), ...variables } : variables;
}

/** Output expressions see the variables of the called instance by name, and all of them as `result`. */
function completeCall(step: Step, token: WorkingToken, node: CallActivityNode): void {
  const { result } = token;
  const variables = isObject(result) ? result : {};
  if (node.returnsAll) setResult(step, token, node, variables);
  if (node.outputs.length > 0 && !mapOutputs(step, token, node, node.outputs, { ...variables, result })) return;
  leave(step, token, node);
}
