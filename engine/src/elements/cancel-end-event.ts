import type { PlainNode } from '../definition.js';
import { cancelTokens } from '../step/close-waits.js';
import { startCompensating, takeCompensables } from '../step/compensate.js';
import type { ElementBehavior } from './element-behavior.js';

/**
 * Cancels its transaction: everything else in it ends, what has completed is compensated, and the transaction is left by its cancel
 * boundary event (BPMN 2.0.2, 10.3.5 and 13.5.6).
 */
export const cancelEndEvent: ElementBehavior<PlainNode> = {
  enter(step, token, node) {
    cancelTokens(step, token.scopeId, token);
    startCompensating(step, token, node, takeCompensables(step, token.scopeId, null));
  },
};
