import { labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';

export const endEvent: Rule = {
  name: 'end-event',
  level: 'hint',
  *check({ processes }) {
    for (const process of processes)
      for (const { id, element, nodes } of process.scopes)
        if (nodes.length > 0 && !nodes.some((node) => node.element.$type === 'bpmn:EndEvent'))
          yield {
            elementId: id,
            message: `${labelOf(element)} has no end event.`,
            remedy: 'Add end events, so that readers see where it ends.',
          };
  },
};
