import type { DataAssignment, DataMapping } from '../data-mapping.js';
import type { EvaluationContext, EvaluationFailure } from '../expression.js';
import type { FlowNode } from '../flow-node.js';
import { mergeNeeds } from '../expressions/needs.js';
import { isObject, type Json, type Variables } from '../json.js';
import { startLeaving } from './leave.js';
import { contextFor } from './questions.js';
import { raiseIncident } from './raise-incident.js';
import type { Step, WorkingToken } from './step.js';

/*
 * Data of an element (BPMN 2.0.2, 10.4.2 and 13.3.2): its inputs are evaluated when it begins, into variables of its own, which hide those around it; its
 * outputs when it is left, from them to the variables around it. Subprocesses keep them in their scope, all else on its token.
 */

/** Fills the element's own variables. False: it waits for what it needs, something is asked first, or an expression failed. */
export function takeInputs(step: Step, token: WorkingToken, node: FlowNode, data: DataMapping): boolean {
  const context = contextFor(step, token, needsOf(data.inputs));
  if (context === null) return false;
  const available = isAvailable(data, context);
  if (typeof available !== 'boolean') {
    raiseIncident(step, token, node, 'expression-failed', available);
    return false;
  }
  if (!available) {
    step.addWait(token, { kind: 'data', id: step.newId('data'), elementId: node.id });
    return false;
  }
  const declared: Variables = Object.fromEntries(data.declared.map((name): [string, Json] => [name, null]));
  const assigned = assignAll(data.inputs, context, declared);
  if (!assigned.ok) {
    raiseIncident(step, token, node, 'expression-failed', assigned);
    return false;
  }
  token.locals = { ...declared, ...broughtByStart(step, token, node, data), ...assigned.variables };
  if (data.inputs.length > 0) record(step, node, assigned.variables);
  return true;
}

/** What began the instance, or the event subprocess, is among the variables when the start event is entered. */
function broughtByStart(step: Step, { scopeId }: WorkingToken, node: FlowNode, data: DataMapping): Variables {
  if (!data.keepsResult || !node.type.endsWith('start-event')) return {};
  const variables = step.variablesIn(scopeId);
  const named = data.declared.flatMap((name): [string, Json][] =>
    Object.hasOwn(variables, name) ? [[name, variables[name] ?? null]] : [],
  );
  const whole = node.type === 'event-subprocess-start-event' ? null : wholeResultOf(node, variables);
  return { ...Object.fromEntries(named), ...whole };
}

/** Whether everything that one of the input sets needs is there (BPMN 2.0.2, 10.4.2). */
function isAvailable({ required }: DataMapping, context: EvaluationContext): boolean | EvaluationFailure {
  if (required.length === 0) return true;
  for (const set of required) {
    const results = set.map(({ value }) => value.evaluate(context));
    const failure = results.find((result) => !result.ok);
    if (failure !== undefined && !failure.ok) return failure;
    if (results.every((result) => result.ok && result.value !== null)) return true;
  }
  return false;
}

/** Gives the outputs to the variables around the element, which is over. False: something is asked first, or an expression failed. */
export function giveOutputs(step: Step, token: WorkingToken, node: FlowNode, { outputs }: DataMapping): boolean {
  startLeaving(step, token);
  if (outputs.length > 0) {
    const context = contextFor(step, token, needsOf(outputs));
    if (context === null) return false;
    const assigned = assignAll(outputs, context, step.variablesIn(token.scopeId));
    if (!assigned.ok) {
      raiseIncident(step, token, node, 'expression-failed', assigned);
      return false;
    }
    step.setVariables(node.id, token.scopeId, assigned.variables);
  }
  delete token.locals;
  return true;
}

/** What the element brings: its own where it has outputs, which read it, else the variables' around it. */
export function setResult(step: Step, token: WorkingToken, node: FlowNode, brought: Variables): void {
  if (node.data?.keepsResult !== true) {
    step.setVariables(node.id, token.scopeId, brought);
    return;
  }
  token.locals = { ...token.locals, ...brought };
  record(step, node, brought);
}

/** What its data inputs bring to the work of an element, or to what it throws; null: it has none. */
export function inputsOf({ data }: FlowNode, { locals = {} }: WorkingToken): Variables | null {
  if (data === null || data.inputs.length === 0) return null;
  return Object.fromEntries(data.inputs.map(({ name }): [string, Json] => [name, locals[name] ?? null]));
}

/** A result as a whole, where the element has a place for that. */
export function wholeResultOf(node: FlowNode, result: Json): Variables | null {
  const name = node.data?.keepsResult === true ? node.data.wholeResult : null;
  if (name === null || (isObject(result) && Object.hasOwn(result, name))) return null;
  return Object.fromEntries([[name, result]]);
}

function record(step: Step, node: FlowNode, variables: Variables): void {
  step.events.push({ kind: 'variables-set', elementId: node.id, scopeId: node.id, variables });
}

const needsOf = (assignments: readonly DataAssignment[]) => mergeNeeds(assignments.map(({ value }) => value));

/** One after the other: each sees what those before it have assigned. `around`: where a part of a variable is assigned, the rest of it. */
export function assignAll(
  assignments: readonly DataAssignment[],
  context: EvaluationContext,
  around: Variables,
): { readonly ok: true; readonly variables: Variables } | EvaluationFailure {
  let variables: Variables = {};
  for (const { name, path, value } of assignments) {
    const result = value.evaluate({ ...context, variables: { ...context.variables, ...variables } });
    if (!result.ok) return result;
    const before = Object.hasOwn(variables, name) ? variables[name] : Object.hasOwn(around, name) ? around[name] : null;
    variables = { ...variables, ...Object.fromEntries([[name, withPart(before ?? null, path, result.value)]]) };
  }
  return { ok: true, variables };
}

/** The value with one part replaced; what is in the way and no object is given up. */
function withPart(whole: Json, path: readonly string[], value: Json): Json {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  const entries = isObject(whole) ? whole : {};
  const before = Object.hasOwn(entries, part) ? (entries[part] ?? null) : null;
  return { ...entries, ...Object.fromEntries([[part, withPart(before, rest, value)]]) };
}
