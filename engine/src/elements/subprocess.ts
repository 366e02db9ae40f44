import type { SubprocessNode } from '../flow-node.js';
import { maxTokens } from '../step/bounds.js';
import { leave, raiseTokenBound } from '../step/leave.js';
import { beginScope } from '../step/begin-inside.js';
import { openSubprocess, startNodes } from '../step/start-scope.js';
import type { ElementBehavior } from './element-behavior.js';

/** Opens a scope and rests until its last token is gone (BPMN 2.0.2, 13.3.4). */
export const subprocess: ElementBehavior<SubprocessNode> = {
  enter(step, token, node) {
    const starts = startNodes(node.scope);
    if (starts.length === 0 && token.startAt === undefined) {
      leave(step, token, node);
      return;
    }
    if (step.tokenCount + starts.length > maxTokens) {
      raiseTokenBound(step, token, node);
      return;
    }
    beginScope(step, token, openSubprocess(step, token, node), starts);
  },
};
