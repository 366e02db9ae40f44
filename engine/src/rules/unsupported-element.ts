import { labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';

export const unsupportedElement: Rule = {
  name: 'unsupported-element',
  level: 'error',
  *check({ processes }) {
    for (const { nodes } of processes)
      for (const { id, element, unsupported } of nodes)
        if (unsupported !== null)
          yield {
            elementId: id,
            message: `${labelOf(element)} is ${unsupported}, which is not supported.`,
            remedy: 'Replace it by elements that are: see the list of supported elements in the documentation.',
          };
  },
};
