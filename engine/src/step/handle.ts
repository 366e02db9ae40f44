import type { BoundaryEventNode, EventSubprocessNode, FlowNode } from '../flow-node.js';
import type { Trigger } from '../trigger.js';
import type { Token } from '../instance-state.js';
import { awaitAll, isParallel } from './await-trigger.js';
import { maxTokens } from './bounds.js';
import { cancelTokens, closeWaits } from './close-waits.js';
import { type Handler, isInterrupting, listenerOf } from './find-handler.js';
import { raiseTokenBound } from './leave.js';
import type { Step, WorkingToken } from './step.js';

/** An error or an escalation has found its handler. */
export function handle(step: Step, handler: Handler): void {
  switch (handler.kind) {
    case 'in-part':
      step.dropWait(step.touch(handler.token), handler.wait);
      break;
    case 'event-subprocess': {
      const interrupting = isInterrupting(handler);
      const start = handler.node.scope.triggeredStart;
      if (start !== null && !interrupting)
        awaitAgain(step, listenerOf(step, handler.scopeId, handler.node), start, start.trigger);
      startEventSubprocess(step, handler.scopeId, handler.node, interrupting);
      break;
    }
    case 'boundary':
      if (isInterrupting(handler)) interrupt(step, handler.host, handler.node);
      else {
        branchOff(step, handler.host, handler.node);
        awaitAgain(step, handler.host, handler.node, handler.node.trigger);
      }
  }
}

/** What a parallel multiple event has been thrown was the last that it waited for: it waits for all again. */
function awaitAgain(step: Step, token: Token | null, node: FlowNode, trigger: Trigger): void {
  if (token === null || !isParallel(trigger)) return;
  const own = step.touch(token);
  for (const wait of own.waits) if (wait.kind === 'thrown' && wait.elementId === node.id) step.dropWait(own, wait);
  awaitAll(step, own, node, trigger);
}

/** Cancels the activity with everything inside it; its token goes on at the boundary event. */
export function interrupt(step: Step, host: WorkingToken, handler: BoundaryEventNode): void {
  closeWaits(step, host);
  step.events.push({ kind: 'element-cancelled', elementId: host.elementId, tokenId: host.id });
  host.result = null;
  step.send(host, handler, null);
}

/** A token of its own for a non-interrupting boundary event. */
export function branchOff(step: Step, host: WorkingToken, node: BoundaryEventNode): WorkingToken {
  const full = step.tokenCount >= maxTokens;
  const branch = step.addToken(node, host.scopeId, null);
  if (full) raiseTokenBound(step, branch, node);
  else step.enqueue(branch, node);
  return branch;
}

/** Sends a token into an event subprocess; an interrupting one cancels everything else in the scope first (BPMN 2.0.2, 13.5.4). */
export function startEventSubprocess(
  step: Step,
  scopeId: string,
  node: EventSubprocessNode,
  interrupting: boolean,
): void {
  if (interrupting) cancelTokens(step, scopeId, null);
  const full = step.tokenCount >= maxTokens;
  const token = step.addToken(node, scopeId, null);
  if (full) raiseTokenBound(step, token, node);
  else step.enqueue(token, node);
}
