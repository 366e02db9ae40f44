import { labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';

export const missingId: Rule = {
  name: 'missing-id',
  level: 'error',
  *check({ processes }) {
    for (const { id, nodes, element } of processes)
      for (const nameless of [{ id, element }, ...nodes])
        if (nameless.id === '')
          yield {
            elementId: null,
            message: `An element of type ${nameless.element.$type} has no id${nameless.element.get?.('name') ? ` (${labelOf(nameless.element)})` : ''}.`,
            remedy: 'Give it an id of its own: instances and their history remember elements by their ids.',
          };
  },
};
