import { isA, labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';

export const gatewayMix: Rule = {
  name: 'gateway-mix',
  level: 'hint',
  *check({ processes }) {
    for (const { nodes } of processes)
      for (const { id, element, incoming, outgoing } of nodes)
        if (isA(element, 'bpmn:Gateway') && incoming.length > 1 && outgoing.length > 1)
          yield {
            elementId: id,
            message: `Gateway ${labelOf(element)} joins and forks at once.`,
            remedy: 'Use one gateway that joins and another that forks, so that readers see both.',
          };
  },
};
