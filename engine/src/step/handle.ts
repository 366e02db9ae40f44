import type { BoundaryEventNode, EventSubprocessNode } from '../definition.js';
import { maxTokens } from './bounds.js';
import { cancelTokens, closeWaits } from './close-waits.js';
import { type Handler, isInterrupting } from './find-handler.js';
import { raiseTokenBound } from './leave.js';
import type { Step, WorkingToken } from './step.js';

/** An error or an escalation has found its handler. */
export function handle(step: Step, handler: Handler): void {
  if (handler.kind === 'event-subprocess')
    startEventSubprocess(step, handler.scopeId, handler.node, isInterrupting(handler));
  else if (isInterrupting(handler)) interrupt(step, handler.host, handler.node);
  else branchOff(step, handler.host, handler.node);
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
