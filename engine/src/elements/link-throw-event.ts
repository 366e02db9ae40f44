import type { PlainNode } from '../flow-node.js';
import { invariant } from '../invariant.js';
import type { ElementBehavior } from './element-behavior.js';

/** Goes on at the catch event of the same name: a sequence flow that is not drawn (BPMN 2.0.2, 10.5.5). */
export const linkThrowEvent: ElementBehavior<PlainNode> = {
  enter(step, token, node) {
    const link = node.outgoing[0];
    invariant(link, `Expected that link throw event ${node.id} has its catch event.`);
    step.events.push({ kind: 'element-completed', elementId: node.id, tokenId: token.id });
    step.send(token, link.target, link);
  },
};
