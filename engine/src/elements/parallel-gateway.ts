import type { PlainNode } from '../flow-node.js';
import { takeFlows } from '../step/leave.js';
import type { ElementBehavior } from './element-behavior.js';
import { oneAFlow, waitAtJoin } from './join.js';

/** Waits for one token on every incoming flow, then leaves by every outgoing flow, whatever their conditions (BPMN 2.0.2, 13.4.1). */
export const parallelGateway: ElementBehavior<PlainNode> = {
  arrive(step, token, node) {
    if (node.incoming.length <= 1) return true;
    step.events.push({ kind: 'token-merged', elementId: node.id, tokenId: token.id });
    const waiting = step.tokensAtJoin(token.scopeId, node.id, node.incoming.length - 1);
    const enough = waiting.length + 1 >= node.incoming.length;
    // One token a flow: a second one on the same flow waits for the next round.
    const byFlow = enough ? oneAFlow(waiting).set(token.arrivedBy, token) : null;
    if (byFlow === null || byFlow.size < node.incoming.length) {
      waitAtJoin(step, token);
      return false;
    }
    byFlow.delete(token.arrivedBy);
    step.removeTokens(new Set(byFlow.values()));
    return true;
  },

  enter(step, token, node) {
    takeFlows(
      step,
      token,
      node,
      node.outgoing.map((flow) => ({ flow, why: 'unconditional' })),
    );
  },
};
