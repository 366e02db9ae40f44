import type { FlowNode } from '../flow-node.js';
import { endOrLeave } from '../elements/multiple-throw.js';
import type { Compensable } from '../instance-state.js';
import type { Variables } from '../json.js';
import { maxCompletions } from './bounds.js';
import { closeWaits } from './close-waits.js';
import { interrupt } from './handle.js';
import { endToken } from './leave.js';
import { raiseIncident } from './raise-incident.js';
import { startTokens } from './start-scope.js';
import type { Step, WorkingToken } from './step.js';

/*
 * Compensation (BPMN 2.0.2, 10.7 and 13.5.5). Every scope remembers its completed activities that can be compensated, in the order of
 * their completion, and a subprocess with them its variables at that time. Compensating takes them out, so that each is compensated
 * once, and runs their handlers one after the other, the last activity first: a token in phase `compensating` holds what is still to be
 * done, and each handler has a scope of its own under it, with those variables.
 */

/** An activity has completed: remembered where it can be compensated. `variables`: those it had for itself. */
export function recordCompletion(step: Step, scopeId: string, node: FlowNode, variables: Variables = {}): void {
  const handlerId = compensationHandlerOf(node);
  if (handlerId !== null && !ownsScope(node)) remember(step, scopeId, [compensable(node.id, handlerId, variables, [])]);
}

/** A subprocess has completed: it is compensated by its own handler, its compensation event subprocess, or what has completed in it. */
export function recordScope(step: Step, scopeId: string, parentScopeId: string, node: FlowNode): void {
  const { compensables = [], variables } = step.scope(scopeId);
  const handlerId = compensationHandlerOf(node);
  if (ownsScope(node) && (handlerId !== null || compensables.length > 0 || compensationSubprocess(node) !== null))
    // Its own handler undoes all of it.
    remember(step, parentScopeId, [compensable(node.id, handlerId, variables, handlerId === null ? compensables : [])]);
}

/** One run of an activity that runs many times is done: what it remembers goes to the scope around it, with what it had for itself. */
export function recordRun(step: Step, runScopeId: string, scopeId: string, node: FlowNode): void {
  const { compensables = [], variables } = step.scope(runScopeId);
  recordCompletion(step, scopeId, node, variables);
  if (compensables.length > 0)
    remember(
      step,
      scopeId,
      compensables.map((one) => ({ ...one, variables: { ...variables, ...one.variables } })),
    );
}

function compensable(
  elementId: string,
  handlerId: string | null,
  variables: Variables,
  inner: readonly Compensable[],
): Compensable {
  return {
    elementId,
    handlerId,
    ...(Object.keys(variables).length === 0 ? {} : { variables }),
    ...(inner.length === 0 ? {} : { inner }),
  };
}

function remember(step: Step, scopeId: string, more: readonly Compensable[]): void {
  step.completions.add(step.scope(scopeId), more);
}

/**
 * False when so much is remembered that no more activity begins that would have to be, too: its token has an incident. A loop without end would
 * otherwise make of the instance more than can be kept.
 */
export function mayBeRemembered(step: Step, token: WorkingToken, node: FlowNode): boolean {
  if (compensationHandlerOf(node) === null || step.completions.count < maxCompletions) return true;
  raiseIncident(step, token, node, 'bound-reached', {
    reason: `the instance remembers ${maxCompletions} completed activities that can be compensated, and no more.`,
    remedy:
      'Compensate them and retry, or cancel the instance; and put the loop that completes them into a subprocess that ends, and whose handler undoes all of it.',
  });
  return false;
}

const ownsScope = (node: FlowNode): boolean =>
  node.type === 'subprocess' || node.type === 'transaction' || node.type === 'ad-hoc-subprocess';

function compensationHandlerOf(node: FlowNode): string | null {
  if (node.boundaryEvents.length === 0) return null;
  return node.boundaryEvents.find(({ trigger }) => trigger.kind === 'compensation')?.handlerId ?? null;
}

function compensationSubprocess(node: FlowNode): FlowNode | null {
  if (!('scope' in node)) return null;
  const found = node.scope.eventSubprocesses.find(({ scope }) => scope.triggeredStart?.trigger.kind === 'compensation');
  return found ?? null;
}

/**
 * Takes what is to be compensated out of the scopes, the last first: all of the scope, or the completions of one activity, looked for
 * outwards. In an event subprocess it is the scope around it that is compensated.
 */
export function takeCompensables(step: Step, scopeId: string, activityId: string | null): readonly Compensable[] {
  for (let scope = step.scope(scopeId); ;) {
    const { compensables = [], parentTokenId } = scope;
    const around = parentTokenId === null ? null : step.tokenById(parentTokenId);
    const inEventSubprocess = around !== null && step.node(scope.elementId).type === 'event-subprocess';
    const taken = compensables.filter(({ elementId }) => activityId === null || elementId === activityId);
    if (taken.length > 0) {
      step.completions.set(
        scope,
        compensables.filter(({ elementId }) => activityId !== null && elementId !== activityId),
      );
      return taken.reverse();
    }
    if (around === null || (activityId === null && !inEventSubprocess)) return [];
    scope = step.scope(around.scopeId);
  }
}

/** From now on the token compensates, until nothing is left. */
export function startCompensating(step: Step, token: WorkingToken, node: FlowNode, todo: readonly Compensable[]): void {
  token.phase = 'compensating';
  token.todo = todo;
  step.enqueue(token, node);
}

/** Compensates beside the token that threw it; the token of its own ends when nothing is left. */
export function compensateBeside(step: Step, scopeId: string, node: FlowNode, todo: readonly Compensable[]): void {
  if (todo.length > 0) startCompensating(step, step.addToken(node, scopeId, null), node, todo);
}

/** Runs the next handler, or goes on when all have run. */
export function compensateNext(step: Step, token: WorkingToken, node: FlowNode): void {
  const next = token.todo?.[0];
  if (next === undefined) {
    delete token.todo;
    goOn(step, token, node);
    return;
  }
  token.todo = token.todo!.slice(1);
  const activity = step.node(next.elementId);
  const scope = step.openScope(next.elementId, token.id, next.variables ?? {});
  step.addWait(token, { kind: 'children', id: scope.id, elementId: token.elementId });
  const subprocess = compensationSubprocess(activity);
  if (next.handlerId !== null) startTokens(step, [step.node(next.handlerId)], scope.id);
  else if (subprocess !== null) {
    step.completions.set(scope, next.inner ?? []);
    startTokens(step, [subprocess], scope.id);
  } else compensateBeside(step, scope.id, activity, [...(next.inner ?? [])].reverse());
}

function goOn(step: Step, token: WorkingToken, node: FlowNode): void {
  // A token that entered no element is one that only compensates.
  if (token.visit === 0) endToken(step, token);
  else if (cancels(node)) leaveTransaction(step, token);
  else {
    token.phase = 'entered';
    endOrLeave(step, token, node);
  }
}

const cancels = (node: FlowNode): boolean =>
  node.type === 'cancel-end-event' || (node.type === 'multiple-end-event' && node.ending?.kind === 'cancel');

/** Everything in the transaction is undone: it is left by its cancel boundary event (BPMN 2.0.2, 10.5.6), or ends where it has none. */
function leaveTransaction(step: Step, token: WorkingToken): void {
  step.events.push({ kind: 'element-completed', elementId: token.elementId, tokenId: token.id });
  const { parentTokenId } = step.scope(token.scopeId);
  if (parentTokenId === null) throw new Error(`Expected a transaction around ${token.elementId}.`);
  step.removeToken(token);
  let host = step.tokenById(parentTokenId);
  const run = step.scope(host.scopeId);
  // The boundary events are around all runs.
  if (run.loopCounter !== undefined && run.parentTokenId !== null) host = step.tokenById(run.parentTokenId);
  const handler = step.node(host.elementId).boundaryEvents.find(({ trigger }) => trigger.kind === 'cancel');
  if (handler !== undefined) {
    interrupt(step, host, handler);
    return;
  }
  closeWaits(step, host);
  step.events.push({ kind: 'element-cancelled', elementId: host.elementId, tokenId: host.id });
  endToken(step, host);
}
