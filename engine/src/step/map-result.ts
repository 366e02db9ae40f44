import type { Expression, FlowNode } from '../definition.js';
import { mergeNeeds } from '../expressions/needs.js';
import type { Json, Variables } from '../json.js';
import { setResult, wholeResultOf } from './data-mapping.js';
import { leave } from './leave.js';
import { contextFor, forgetAnswers } from './questions.js';
import { raiseIncident } from './raise-incident.js';
import type { Step, WorkingToken } from './step.js';

export function isObject(value: Json | undefined): value is Variables {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

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
  outputs: readonly { readonly name: string; readonly value: Expression }[],
  locals: Variables,
): boolean {
  const context = contextFor(step, token, mergeNeeds(outputs.map(({ value }) => value)));
  if (context === null) return false;
  const mapped: [string, Json][] = [];
  for (const { name, value } of outputs) {
    const result = value.evaluate({ ...context, locals });
    if (!result.ok) {
      raiseIncident(step, token, node, 'expression-failed', result);
      return false;
    }
    mapped.push([name, result.value]);
  }
  setResult(step, token, node, Object.fromEntries(mapped));
  return true;
}

/** Merges what a person, a message or a script brought into the variables, and leaves. Anything but an object brings no variables. */
export function mergeAndLeave(step: Step, token: WorkingToken, node: FlowNode, brought: Json | undefined): void {
  const whole = brought === undefined ? null : wholeResultOf(node, brought);
  if (isObject(brought) && Object.keys(brought).length > 0) setResult(step, token, node, { ...brought, ...whole });
  else if (whole !== null) setResult(step, token, node, whole);
  leave(step, token, node);
}
