import { isA, labelOf, textOf } from '../compile/bpmn-element.js';
import type { NodeDraft, Rule } from '../compile/diagram.js';

/** What a gateway says about itself is for readers: tokens follow the flows that are there. */
export const gatewayDirection: Rule = {
  name: 'gateway-direction',
  level: 'warning',
  *check({ processes }) {
    for (const { nodes } of processes)
      for (const node of nodes) {
        const direction = isA(node.element, 'bpmn:Gateway') ? textOf(node.element, 'gatewayDirection') : null;
        if (direction === null || isSo(node, direction)) continue;
        yield {
          elementId: node.id,
          message: `Gateway ${labelOf(node.element)} says that it is ${direction.toLowerCase()}, and has ${node.incoming.length} incoming and ${node.outgoing.length} outgoing sequence flows.`,
          remedy: 'Correct gatewayDirection, or leave it out.',
        };
      }
  },
};

/** BPMN 2.0.2, table 8.46. */
function isSo({ incoming, outgoing }: NodeDraft, direction: string): boolean {
  switch (direction) {
    case 'Converging':
      return incoming.length > 1 && outgoing.length <= 1;
    case 'Diverging':
      return incoming.length <= 1 && outgoing.length > 1;
    case 'Mixed':
      return incoming.length > 1 && outgoing.length > 1;
    default:
      return true;
  }
}
