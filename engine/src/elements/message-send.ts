import type { MessageSendNode } from '../flow-node.js';
import { startCompleting } from '../step/map-result.js';
import { ask } from '../step/questions.js';
import type { ElementBehavior } from './element-behavior.js';
import { completeTask, evaluateWork, handOver, task } from './task.js';

/** Send tasks, message throw and message end events: work like that of a task, once the frequency cap of the process has let it through. */
export const messageSend: ElementBehavior<MessageSendNode> = {
  ...task,
  enter(step, token, node) {
    const work = evaluateWork(step, token, node);
    if (work === null) return;
    const cap = step.definition.frequencyCap;
    const reach = token.answers?.reach;
    if (cap === null || reach?.allowed === true) {
      handOver(step, token, node, work);
      return;
    }
    const { channel } = node;
    if (reach === undefined) {
      ask(step, token, { kind: 'reach', channel, cap });
      return;
    }
    const reason = reach.reason ?? 'The frequency cap of the process does not allow another message now.';
    step.events.push({ kind: 'reach-refused', elementId: node.id, channel, reason });
    startCompleting(token, { sent: false, reason });
    completeTask(step, token, node);
  },
};
