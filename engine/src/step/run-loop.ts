import { broadcast } from '../elements/signal-throw.js';
import type { EvaluationFailure, EvaluationResult, Expression } from '../expression.js';
import type { FlowNode } from '../flow-node.js';
import type { LoopSpec, MultiInstance, StandardLoop } from '../loop-spec.js';
import { mergeNeeds } from '../expressions/needs.js';
import type { Token } from '../instance-state.js';
import { invariant } from '../invariant.js';
import type { Json, Variables } from '../json.js';
import { maxInstances, maxTokens } from './bounds.js';
import { cancelTokens } from './close-waits.js';
import { recordRun } from './compensate.js';
import { leave, startLeaving } from './leave.js';
import { findHandler, isInterrupting } from './find-handler.js';
import { isDefaultSignal, partsOf } from './await-trigger.js';
import { handle } from './handle.js';
import { contextFor, forgetAnswers } from './questions.js';
import { raiseIncident } from './raise-incident.js';
import type { Step, WorkingLoop, WorkingToken } from './step.js';

/*
 * An activity that runs more than once for one token (BPMN 2.0.2, 10.3.8 and 13.3.7). The token that came rests on the activity, holds
 * its boundary events and counts; every run has a scope of its own for its item and its number, and a token in it that does the
 * activity's work like any other. What a run throws and does not catch inside is caught around the activity, and ends all of its runs.
 */

/** Whether the token does one run of a loop or multi-instance activity. */
export const isRun = (step: Step, token: Token, node: FlowNode): boolean =>
  node.loop !== null && step.scope(token.scopeId).loopCounter !== undefined;

/** The token has entered the activity: begins the first run, or all of them. */
export function enterLoop(step: Step, token: WorkingToken, node: FlowNode, spec: LoopSpec): void {
  if (spec.kind === 'standard') enterStandardLoop(step, token, node, spec);
  else enterMultiInstance(step, token, node, spec);
}

function enterStandardLoop(step: Step, token: WorkingToken, node: FlowNode, spec: StandardLoop): void {
  if (spec.testBefore) {
    const again = goesOn(step, token, node, spec, 0);
    if (again === null) return;
    if (!again) {
      leave(step, token, node);
      return;
    }
  }
  begin(step, token, node, { total: null, started: 0, completed: 0, terminated: 0 });
  startRun(step, token, node, {});
}

/** Whether a standard loop runs once more after `runs` runs; null: something is asked first, or the condition failed. */
function goesOn(step: Step, token: WorkingToken, node: FlowNode, spec: StandardLoop, runs: number): boolean | null {
  if (spec.maximum !== null && runs >= spec.maximum) return false;
  if (spec.condition === null) return true;
  const context = contextFor(step, token, spec.condition.needs);
  if (context === null) return null;
  const result = spec.condition.evaluate({ ...context, locals: { loopCounter: runs } });
  if (result.ok) return result.value === true;
  raiseIncident(step, token, node, 'expression-failed', result);
  return null;
}

function enterMultiInstance(step: Step, token: WorkingToken, node: FlowNode, spec: MultiInstance): void {
  const size = sizeOf(step, token, spec);
  if (size === null) return;
  if (!size.ok) {
    raiseIncident(step, token, node, 'expression-failed', size);
    return;
  }
  const { total, items } = size;
  const parallel = spec.kind === 'parallel';
  if (total > maxInstances || (parallel && step.tokenCount + total > maxTokens)) {
    raiseIncident(step, token, node, 'bound-reached', {
      reason: `it would run ${total} times, and an activity runs at most ${maxInstances} times, an instance has at most ${maxTokens} tokens.`,
      remedy:
        'Set the variables so that it runs less often and retry, or process the list in parts by a loop around it.',
    });
    return;
  }
  forgetAnswers(token);
  const output = spec.output === null ? null : Array.from<Json>({ length: total }).fill(null);
  begin(step, token, node, {
    total,
    started: 0,
    completed: 0,
    terminated: 0,
    ...(parallel || items === null ? {} : { items }),
    ...(output === null ? {} : { output }),
  });
  if (total === 0) finish(step, token, node);
  else
    for (let run = 0; run < (parallel ? total : 1); run += 1) startRun(step, token, node, localsOf(spec, items, run));
}

type Size = { readonly ok: true; readonly total: number; readonly items: readonly Json[] | null } | EvaluationFailure;

function sizeOf(step: Step, token: WorkingToken, { collection, cardinality }: MultiInstance): Size | null {
  const expression = collection ?? cardinality;
  invariant(expression, 'Expected a collection or a cardinality.');
  const context = contextFor(step, token, expression.needs);
  if (context === null) return null;
  const result = expression.evaluate(context);
  if (!result.ok) return result;
  const { value } = result;
  if (collection === null) {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0)
      return { ok: true, total: value, items: null };
    return {
      ok: false,
      reason: `the cardinality ${expression.source} gave ${shown(value)}, which is no whole number from 0 on.`,
      remedy: 'Set the variables that the cardinality reads, then retry.',
    };
  }
  if (Array.isArray(value)) return { ok: true, total: value.length, items: value };
  return {
    ok: false,
    reason: `the collection ${expression.source} gave ${shown(value)}, which is no list.`,
    remedy: 'Set the variable to a list, then retry.',
  };
}

const shown = (value: Json): string => JSON.stringify(value).slice(0, 200);

/** What a run sees as its own: its item, and the variable that its output is made of, so that runs do not overwrite each other's. */
function localsOf({ item, output }: MultiInstance, items: readonly Json[] | null | undefined, run: number): Variables {
  return Object.fromEntries<Json>([
    ...(output?.variable == null ? [] : [[output.variable, null] as const]),
    ...(item === null || items == null ? [] : [[item, items[run] ?? null] as const]),
  ]);
}

function begin(step: Step, token: WorkingToken, node: FlowNode, loop: WorkingLoop): void {
  token.loop = loop;
  step.addWait(token, { kind: 'runs', id: token.id, elementId: node.id });
}

function startRun(step: Step, token: WorkingToken, node: FlowNode, locals: Variables): void {
  const loop = loopOf(token);
  loop.started += 1;
  const scope = step.openScope(node.id, token.id, { ...locals, loopCounter: loop.started }, loop.started);
  const run = step.addToken(node, scope.id, null);
  // The boundary events are around all runs.
  run.armed = true;
  step.enqueue(run, node);
}

/** The work of one run is done: the next one begins, or the activity is done when this was the last, or when that is enough. */
export function leaveRun(step: Step, run: WorkingToken, node: FlowNode): void {
  const spec = node.loop;
  invariant(spec, `Expected a loop at ${node.id}.`);
  startLeaving(step, run);
  const { loopCounter, parentTokenId } = step.scope(run.scopeId);
  invariant(parentTokenId !== null && loopCounter !== undefined, `Expected a run of ${node.id}.`);
  const token = step.tokenById(parentTokenId);
  const loop = loopOf(token);
  if (spec.kind === 'standard') {
    const again = goesOn(step, run, node, spec, loop.started);
    if (again === null) return;
    endRun(step, run, node, loop);
    if (again) startRun(step, token, node, {});
    else finish(step, token, node);
    return;
  }
  const outcome = outcomeOf(step, run, node, spec, loop);
  if (outcome === null) return;
  const attributes = attributesOf(loop);
  endRun(step, run, node, loop);
  if (loop.output !== undefined) loop.output[loopCounter - 1] = outcome.output;
  if (!throwEvents(step, token, node, outcome.thrown, attributes)) return;
  if (outcome.enough) {
    cancelRuns(step, token.id);
    finish(step, token, node);
  } else goOn(step, token, node, spec, loop);
}

/** The next run of a multi-instance activity begins, or all of them are over. */
function goOn(step: Step, token: WorkingToken, node: FlowNode, spec: MultiInstance, loop: WorkingLoop): void {
  const { total, started, completed, terminated } = loop;
  if (completed + terminated === total) finish(step, token, node);
  else if (started < (total ?? 0)) startRun(step, token, node, localsOf(spec, loop.items, started));
}

/** One run has been taken away, and nothing is left in its scope. A loop ends with it; a multi-instance activity counts it as terminated. */
export function terminateRun(step: Step, runScopeId: string): void {
  const { parentTokenId } = step.scope(runScopeId);
  invariant(parentTokenId !== null, `Expected that ${runScopeId} is the scope of a run.`);
  const token = step.tokenById(parentTokenId);
  const node = step.node(token.elementId);
  invariant(node.loop, `Expected a loop at ${node.id}.`);
  const loop = loopOf(token);
  step.closeScope(runScopeId);
  loop.terminated += 1;
  if (node.loop.kind === 'standard') finish(step, token, node);
  else goOn(step, token, node, node.loop, loop);
}

interface Outcome {
  readonly output: Json;
  readonly enough: boolean;
  readonly thrown: readonly MultiInstance['throws'][number]['thrown'][];
}
const nothingMore: Outcome = { output: null, enough: false, thrown: [] };

/** What a run brings to the output collection, and whether the runs that are done are enough; null: something is asked first, or failed. */
function outcomeOf(
  step: Step,
  run: WorkingToken,
  node: FlowNode,
  { output, completion, throws }: MultiInstance,
  loop: WorkingLoop,
): Outcome | null {
  const conditions = throws.map(({ when }) => (typeof when === 'string' ? null : when));
  const expressions = [output?.element, completion, ...conditions].filter((one): one is Expression => one != null);
  if (expressions.length === 0 && throws.length === 0) return nothingMore;
  const context = contextFor(step, run, mergeNeeds(expressions));
  if (context === null) return null;
  const element = output === null ? null : output.element.evaluate(context);
  const locals = attributesOf(loop);
  const enough = completion === null ? null : completion.evaluate({ ...context, locals });
  const asked = conditions.map((condition) => condition && condition.evaluate({ ...context, locals }));
  for (const result of [element, enough, ...asked])
    if (result !== null && !result.ok) {
      raiseIncident(step, run, node, 'expression-failed', result);
      return null;
    }
  return {
    output: element?.ok === true ? element.value : null,
    enough: isTrue(enough),
    thrown: throws.flatMap(({ when, thrown }, index) =>
      when === 'each' || (when === 'first' && loop.completed === 0) || isTrue(asked[index] ?? null) ? [thrown] : [],
    ),
  };
}

const isTrue = (result: EvaluationResult | null): boolean => result?.ok === true && result.value === true;

/** Events of a run that completes, thrown by the activity: its boundary events are asked first. False: one of them has interrupted it. */
function throwEvents(
  step: Step,
  token: WorkingToken,
  node: FlowNode,
  thrown: Outcome['thrown'],
  attributes: Variables,
): boolean {
  for (const one of thrown) {
    if (one.kind === 'signal' && one.signalName === '') {
      if (!throwDefaultSignal(step, token, node, attributes)) return false;
    } else if (one.kind === 'signal') broadcast(step, node, one.signalName);
    else {
      const { escalationCode: code } = one;
      const handler = findHandler(step, { token, node }, 'escalation', code);
      step.events.push({ kind: 'escalation-thrown', elementId: node.id, code, caughtBy: handler?.node.id ?? null });
      if (handler === null) step.effects.push({ kind: 'escalate', elementId: node.id, code });
      else handle(step, handler);
      if (handler !== null && isInterrupting(handler)) return false;
    }
  }
  return true;
}

/**
 * Where the diagram names no event, a signal with the attributes of the activity is thrown (table 10.31). It has no name, so that nobody hears it but
 * the boundary events of the activity that name none either. False: one of them has interrupted it.
 */
function throwDefaultSignal(step: Step, token: WorkingToken, node: FlowNode, attributes: Variables): boolean {
  for (const boundary of node.boundaryEvents) {
    if (!partsOf(boundary.trigger).some(([part]) => isDefaultSignal(part))) continue;
    step.events.push({ kind: 'signal-thrown', elementId: node.id, signalName: '' });
    step.setVariables(boundary.id, token.scopeId, attributes);
    handle(step, { kind: 'boundary', host: token, node: boundary });
    if (boundary.interrupting) return false;
  }
  return true;
}

/** The attributes of a multi-instance activity while one of its runs completes (BPMN 2.0.2, table 10.31). */
function attributesOf({ total, started, completed, terminated }: WorkingLoop): Variables {
  return {
    numberOfInstances: total,
    numberOfActiveInstances: started - completed - terminated - 1,
    numberOfCompletedInstances: completed + 1,
    numberOfTerminatedInstances: terminated,
    nrOfInstances: total,
    nrOfActiveInstances: started - completed - terminated - 1,
    nrOfCompletedInstances: completed + 1,
  };
}

function endRun(step: Step, run: WorkingToken, node: FlowNode, loop: WorkingLoop): void {
  step.events.push({ kind: 'element-completed', elementId: node.id, tokenId: run.id });
  const { parentTokenId } = step.scope(run.scopeId);
  if (parentTokenId !== null) recordRun(step, run.scopeId, step.tokenById(parentTokenId).scopeId, node);
  step.removeToken(run);
  step.closeScope(run.scopeId);
  loop.completed += 1;
}

/** Cancels the runs that are still under way. */
export function cancelRuns(step: Step, tokenId: string): void {
  for (const { id } of step.scopesUnder(tokenId)) {
    cancelTokens(step, id, null);
    step.closeScope(id);
  }
}

/** All runs are over: the activity is left by the token that came. */
function finish(step: Step, token: WorkingToken, node: FlowNode): void {
  const { output } = loopOf(token);
  for (const wait of token.waits) if (wait.kind === 'runs') step.dropWait(token, wait);
  delete token.loop;
  if (output !== undefined && node.loop !== null && node.loop.kind !== 'standard' && node.loop.output !== null)
    step.setVariables(node.id, token.scopeId, Object.fromEntries([[node.loop.output.collection, output]]));
  leave(step, token, node);
}

function loopOf(token: WorkingToken): WorkingLoop {
  invariant(token.loop, `Expected that token ${token.id} counts runs.`);
  return token.loop;
}
