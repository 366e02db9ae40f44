import type { HistoryEvent } from '@xflow/schemas';
import type { SequenceFlow } from '../definition.js';
import type { FlowNode } from '../flow-node.js';
import { mergeNeeds } from '../expressions/needs.js';
import { maxTokens } from './bounds.js';
import { cancelTokens, closeWaits } from './close-waits.js';
import { recordCompletion, recordScope } from './compensate.js';
import { giveOutputs } from './data-mapping.js';
import { contextFor } from './questions.js';
import { raiseIncident } from './raise-incident.js';
import { isRunning, scopeNodeOf } from './start-scope.js';
import { isRun, leaveRun } from './run-loop.js';
import type { Step, WorkingToken } from './step.js';

export type WhyTaken = Extract<HistoryEvent, { kind: 'flow-taken' }>['why'];

export interface ChosenFlow {
  readonly flow: SequenceFlow;
  readonly why: WhyTaken;
}

/**
 * The work of an element is done: its token leaves by every unconditional flow, every conditional flow that is true, and the
 * default flow when no condition was true (BPMN 2.0.2, 13.3.1); it ends where there is no outgoing flow.
 */
export function leave(step: Step, token: WorkingToken, node: FlowNode): void {
  if (token.locals !== undefined && node.data !== null && !giveOutputs(step, token, node, node.data)) return;
  if (isRun(step, token, node)) {
    leaveRun(step, token, node);
    return;
  }
  const { outgoing } = node;
  const only = outgoing[0];
  if (outgoing.length === 1 && only!.condition === null) {
    if (token.waits.length > 0) closeWaits(step, token);
    takeFlow(step, token, node, only!, only!.isDefault ? 'default' : 'unconditional');
    return;
  }
  startLeaving(step, token);
  const chosen = chooseFlows(step, token, node);
  if (chosen !== null) takeFlows(step, token, node, chosen);
}

/** What belonged to the element's work is over: its boundary events, its answers, its result. */
export function startLeaving(step: Step, token: WorkingToken): void {
  if (token.phase === 'leaving') return;
  token.phase = 'leaving';
  token.result = null;
  token.answers = null;
  closeWaits(step, token);
}

function chooseFlows(step: Step, token: WorkingToken, node: FlowNode): readonly ChosenFlow[] | null {
  if (node.outgoing.length === 0) return [];
  const conditions = node.outgoing.flatMap(({ condition }) => (condition === null ? [] : [condition]));
  const context = contextFor(step, token, mergeNeeds(conditions));
  if (context === null) return null;
  const chosen: ChosenFlow[] = [];
  let defaultFlow: SequenceFlow | null = null;
  let anyTrue = false;
  for (const flow of node.outgoing) {
    if (flow.isDefault) defaultFlow = flow;
    else if (flow.condition === null) chosen.push({ flow, why: 'unconditional' });
    else {
      const result = flow.condition.evaluate(context);
      if (!result.ok) {
        raiseIncident(step, token, node, 'expression-failed', result);
        return null;
      }
      if (result.value !== true) continue;
      anyTrue = true;
      chosen.push({ flow, why: 'condition' });
    }
  }
  if (defaultFlow !== null && !anyTrue) chosen.push({ flow: defaultFlow, why: 'default' });
  if (chosen.length > 0) return chosen;
  raiseNoFlowChosen(step, token, node);
  return null;
}

/** No condition holds and there is no default flow: someone chooses, or sets the variables and retries. */
export function raiseNoFlowChosen(step: Step, token: WorkingToken, node: FlowNode): void {
  raiseIncident(
    step,
    token,
    node,
    'no-flow-chosen',
    {
      reason: `none of the ${node.outgoing.length} outgoing sequence flows can be taken, because no condition is true and there is no default flow.`,
      remedy:
        'Take one of the flows, or set the variables that the conditions read and retry. Mark one flow as default to keep this from happening again.',
    },
    node.outgoing.map(({ id }) => id),
  );
}

/** Sends the token out by one flow. */
export function takeFlow(step: Step, token: WorkingToken, node: FlowNode, flow: SequenceFlow, why: WhyTaken): void {
  if (node.quantity === null) {
    recordLeft(step, token, node);
    step.events.push({ kind: 'flow-taken', flowId: flow.id, why });
    step.send(token, flow.target, flow);
  } else takeFlows(step, token, node, [{ flow, why }]);
}

/** Sends the token out by the chosen flows, by the first with its own id, by the others with new tokens. */
export function takeFlows(step: Step, token: WorkingToken, node: FlowNode, chosen: readonly ChosenFlow[]): void {
  const quantity = node.quantity?.completion ?? 1;
  if (step.tokenCount + chosen.length * quantity - 1 > maxTokens) {
    startLeaving(step, token);
    raiseTokenBound(step, token, node);
    return;
  }
  recordLeft(step, token, node);
  const first = chosen[0];
  if (first === undefined) {
    endToken(step, token);
    return;
  }
  for (let index = 0; index < chosen.length; index += 1) {
    const { flow, why } = chosen[index]!;
    step.events.push({ kind: 'flow-taken', flowId: flow.id, why });
    for (let sent = 0; sent < quantity; sent += 1)
      if (index + sent === 0) step.send(token, flow.target, flow);
      else step.enqueue(step.addToken(flow.target, token.scopeId, flow), flow.target);
  }
}

function recordLeft(step: Step, token: WorkingToken, node: FlowNode): void {
  step.events.push({ kind: 'element-completed', elementId: node.id, tokenId: token.id });
  if (node.boundaryEvents.length > 0 && node.loop === null) recordCompletion(step, token.scopeId, node);
  token.result = null;
}

/** All tokens that reach the bound in one step stop under one incident. */
export function raiseTokenBound(step: Step, token: WorkingToken, node: FlowNode): void {
  if (step.tokenBound !== null) {
    step.addWait(token, step.tokenBound);
    return;
  }
  raiseIncident(step, token, node, 'bound-reached', {
    reason: `the instance would have more than ${maxTokens} tokens.`,
    remedy:
      'Retry when other tokens have ended, or cancel the instance and join parallel paths before they fork again.',
  });
  step.tokenBound = token.waits.at(-1) ?? null;
}

/** The token is consumed; with its last token a scope completes (BPMN 2.0.2, 13.5.6). */
export function endToken(step: Step, token: WorkingToken): void {
  step.removeToken(token);
  const { elementId, parentTokenId } = step.scope(token.scopeId);
  const node = parentTokenId === null ? null : step.node(elementId);
  const mayGoOn = node?.type === 'ad-hoc-subprocess' && step.seeToken(parentTokenId!).phase !== 'compensating';
  if (mayGoOn) askWhetherComplete(step, parentTokenId!, node);
  else if (!isRunning(step, token.scopeId)) completeScope(step, token.scopeId, 'completed');
}

/** An ad-hoc subprocess is not complete because nothing runs in it: it says so itself. */
export function askWhetherComplete(step: Step, tokenId: string, node: FlowNode): void {
  const token = step.tokenById(tokenId);
  if (token.phase !== 'entered') return;
  token.phase = 'completing';
  step.enqueue(token, node);
}

/** All tokens of the scope are gone: the instance ends, or the token on the subprocess leaves it. */
export function completeScope(step: Step, scopeId: string, outcome: 'completed' | 'terminated'): void {
  const { parentTokenId } = step.scope(scopeId);
  if (scopeNodeOf(step, scopeId).eventSubprocesses.length > 0) cancelTokens(step, scopeId, null);
  if (parentTokenId === null) {
    step.end(outcome);
    return;
  }
  const parent = step.tokenById(parentTokenId);
  const node = step.node(parent.elementId);
  if (parent.phase !== 'compensating') recordScope(step, scopeId, parent.scopeId, node);
  if (node.data !== null && parent.phase !== 'compensating') parent.locals = step.scope(scopeId).variables;
  step.closeScope(scopeId);
  parent.waits = parent.waits.filter(({ kind }) => kind !== 'children');
  if (parent.phase !== 'compensating') startLeaving(step, parent);
  step.enqueue(parent, node);
}
