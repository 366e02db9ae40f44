import type { ErrorEndNode, FlowNode } from '../flow-node.js';
import type { Step, WorkingToken } from '../step/step.js';
import { throwFromScope } from '../step/throw-error.js';
import type { ElementBehavior } from './element-behavior.js';

/** Throws an error out of its scope: the nearest enclosing handler catches it, else the instance ends with it (BPMN 2.0.2, 13.5.3 and 13.5.6). */
export const errorEndEvent: ElementBehavior<ErrorEndNode> = {
  enter: (step, token, node) => endWithThrow(step, token, node, node),
};

/** The token ends, and the error goes out of its scope. */
export function endWithThrow(
  step: Step,
  token: WorkingToken,
  node: FlowNode,
  { errorCode: code, errorMessage: message }: Pick<ErrorEndNode, 'errorCode' | 'errorMessage'>,
): void {
  step.events.push({ kind: 'element-completed', elementId: node.id, tokenId: token.id });
  step.removeToken(token);
  throwFromScope(step, token.scopeId, node, { code, ...(message === null ? {} : { message }) });
}
