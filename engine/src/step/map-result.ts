import type { DataAssignment } from '../data-mapping.js';
import type { FlowNode } from '../flow-node.js';
import { mergeNeeds } from '../expressions/needs.js';
import { isObject, type Json, type Variables } from '../json.js';
import { assignAll, setResult, wholeResultOf } from './data-mapping.js';
import { leave } from './leave.js';
import { contextFor, forgetAnswers } from './questions.js';
import { raiseIncident } from './raise-incident.js';
import type { Step, WorkingToken } from './step.js';

/** The work is done: keeps its result until it is mapped. `complete` of the element comes next. */
export function startCompleting(token: WorkingToken, result: Json): void {
  token.phase = 'completing';
  token.result = result;
  forgetAnswers(token);
}

/**
 * Sets the output variables from expressions over `locals` and the variables. False: something is asked first, or an
 * expression failed, and nothing was set.
 */
export function mapOutputs(
  step: Step,
  token: WorkingToken,
  node: FlowNode,
  outputs: readonly DataAssignment[],
  locals: Variables,
): boolean {
  const context = contextFor(step, token, mergeNeeds(outputs.map(({ value }) => value)));
  if (context === null) return false;
  const assigned = assignAll(outputs, { ...context, locals }, step.variablesOf(token));
  if (!assigned.ok) {
    raiseIncident(step, token, node, 'expression-failed', assigned);
    return false;
  }
  setResult(step, token, node, assigned.variables);
  return true;
}

/** Merges what a person, a message or a script brought into the variables, and leaves. Anything but an object brings no variables. */
export function mergeAndLeave(step: Step, token: WorkingToken, node: FlowNode, brought: Json | undefined): void {
  const whole = brought === undefined ? null : wholeResultOf(node, brought);
  if (isObject(brought) && Object.keys(brought).length > 0) setResult(step, token, node, { ...brought, ...whole });
  else if (whole !== null) setResult(step, token, node, whole);
  leave(step, token, node);
}
