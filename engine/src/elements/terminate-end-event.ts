import type { FlowNode, PlainNode } from '../flow-node.js';
import { cancelTokens } from '../step/close-waits.js';
import { completeScope } from '../step/leave.js';
import type { Step, WorkingToken } from '../step/step.js';
import type { ElementBehavior } from './element-behavior.js';

/** Ends its scope: all other tokens in it are cancelled (BPMN 2.0.2, 13.5.6). A terminated subprocess is left normally. */
export const terminateEndEvent: ElementBehavior<PlainNode> = { enter: terminate };

export function terminate(step: Step, token: WorkingToken, node: FlowNode): void {
  cancelTokens(step, token.scopeId, token);
  step.events.push({ kind: 'element-completed', elementId: node.id, tokenId: token.id });
  step.removeToken(token);
  completeScope(step, token.scopeId, 'terminated');
}
