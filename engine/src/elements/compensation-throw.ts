import type { CompensationThrowNode } from '../flow-node.js';
import { compensateBeside, startCompensating, takeCompensables } from '../step/compensate.js';
import { leave } from '../step/leave.js';
import type { ElementBehavior } from './element-behavior.js';

/** Compensation throw and end events: undo what has completed in their scope, or one activity (BPMN 2.0.2, 10.7 and 13.5.5). */
export const compensationThrow: ElementBehavior<CompensationThrowNode> = {
  enter(step, token, node) {
    const todo = takeCompensables(step, token.scopeId, node.activityId);
    if (node.waits) {
      startCompensating(step, token, node, todo);
      return;
    }
    compensateBeside(step, token.scopeId, node, todo);
    leave(step, token, node);
  },
};
