import type { EscalationThrowNode, FlowNode } from '../flow-node.js';
import { leave } from '../step/leave.js';
import { findHandler, isInterrupting } from '../step/find-handler.js';
import { handle } from '../step/handle.js';
import type { Step, WorkingToken } from '../step/step.js';
import type { ElementBehavior } from './element-behavior.js';

/**
 * Escalation throw and end events: the nearest enclosing handler catches it, else the caller of the process may (BPMN 2.0.2, 13.5.3).
 * The token goes on, unless an interrupting handler cancels what is around it.
 */
export const escalationThrow: ElementBehavior<EscalationThrowNode> = {
  enter(step, token, node) {
    if (escalate(step, token, node, node.escalationCode)) leave(step, token, node);
  },
};

/** False when what caught it has interrupted the token, too. */
export function escalate(step: Step, token: WorkingToken, { id: elementId }: FlowNode, code: string): boolean {
  const handler = findHandler(step, { scopeId: token.scopeId }, 'escalation', code);
  step.events.push({ kind: 'escalation-thrown', elementId, code, caughtBy: handler?.node.id ?? null });
  if (handler === null) {
    step.effects.push({ kind: 'escalate', elementId, code });
    return true;
  }
  const interrupted = isInterrupting(handler);
  if (interrupted) {
    step.events.push({ kind: 'element-completed', elementId, tokenId: token.id });
    step.removeToken(token);
  }
  handle(step, handler);
  return !interrupted;
}
