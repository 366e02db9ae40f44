import { labelOf } from '../compile/bpmn-element.js';
import { isType, type Rule } from '../compile/diagram.js';
import { catchesCompensation } from '../compile/read-event.js';

export const boundaryExit: Rule = {
  name: 'boundary-exit',
  level: 'warning',
  *check({ processes }) {
    for (const { nodes } of processes)
      for (const node of nodes)
        if (isType(node, 'boundary-event') && !catchesCompensation(node) && node.outgoing.length === 0)
          yield {
            elementId: node.id,
            message: `Boundary event ${labelOf(node.element)} leads nowhere: when it happens, its path ends there.`,
            remedy: 'Draw a sequence flow from it to what shall happen, or to an end event.',
          };
  },
};
