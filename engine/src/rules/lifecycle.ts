import { extensionOf, idOf, labelOf, textOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';

export const lifecycle: Rule = {
  name: 'lifecycle',
  level: 'error',
  *check({ processes }) {
    for (const { element: process, nodes } of processes)
      for (const element of [process, ...nodes.map((node) => node.element)]) {
        const said = extensionOf(element, 'xflow:Lifecycle');
        if (said && textOf(said, 'stage') === null)
          yield {
            elementId: idOf(element),
            message: `${labelOf(element)} has xflow:lifecycle without a stage.`,
            remedy: 'Choose a stage: Acquisition, Activation, Retention, Revenue, Referral, or one of your own.',
          };
      }
  },
};
