import type { ErrorEndNode } from '../definition.js';
import { throwFromScope } from '../step/throw-error.js';
import type { ElementBehavior } from './element-behavior.js';

/** Throws an error out of its scope: the nearest enclosing handler catches it, else the instance ends with it (BPMN 2.0.2, 13.5.3 and 13.5.6). */
export const errorEndEvent: ElementBehavior<ErrorEndNode> = {
  enter(step, token, node) {
    step.events.push({ kind: 'element-completed', elementId: node.id, tokenId: token.id });
    step.removeToken(token);
    throwFromScope(step, token.scopeId, node, {
      code: node.errorCode,
      ...(node.errorMessage === null ? {} : { message: node.errorMessage }),
    });
  },
};
