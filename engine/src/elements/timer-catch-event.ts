import type { TimerCatchNode } from '../flow-node.js';
import { leave } from '../step/leave.js';
import { contextFor, forgetAnswers } from '../step/questions.js';
import { raiseIncident } from '../step/raise-incident.js';
import { firstDue, openTimer } from '../step/open-waits.js';
import type { ElementBehavior } from './element-behavior.js';

/** Waits until the timer is due. */
export const timerCatchEvent: ElementBehavior<TimerCatchNode> = {
  enter(step, token, node) {
    const context = contextFor(step, token, node.timer.needs);
    if (context === null) return;
    const due = firstDue(node.timer, context);
    if (!due.ok) {
      raiseIncident(step, token, node, 'expression-failed', due);
      return;
    }
    forgetAnswers(token);
    openTimer(step, token, node.id, due.dueAt);
  },

  resume(step, token, node, wait) {
    step.dropWait(token, wait);
    leave(step, token, node);
  },
};
