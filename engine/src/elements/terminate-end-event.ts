import type { PlainNode } from '../definition.js';
import { cancelTokens } from '../step/close-waits.js';
import { completeScope } from '../step/leave.js';
import type { ElementBehavior } from './element-behavior.js';

/** Ends its scope: all other tokens in it are cancelled (BPMN 2.0.2, 13.5.6). A terminated subprocess is left normally. */
export const terminateEndEvent: ElementBehavior<PlainNode> = {
  enter(step, token, node) {
    cancelTokens(step, token.scopeId, token);
    step.events.push({ kind: 'element-completed', elementId: node.id, tokenId: token.id });
    step.removeToken(token);
    completeScope(step, token.scopeId, 'terminated');
  },
};
