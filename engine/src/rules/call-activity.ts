import { labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';

export const callActivity: Rule = {
  name: 'call-activity',
  level: 'error',
  *check({ processes }) {
    for (const { nodes } of processes)
      for (const { id, element, content } of nodes) {
        if (content?.type !== 'call-activity') continue;
        if (content.calledWorkflow === '')
          yield {
            elementId: id,
            message: `Call activity ${labelOf(element)} does not say which process it calls.`,
            remedy: 'Set its called element to the id of a process.',
          };
        else if (/^\s*(=|[$#]\{)/.test(content.calledWorkflow))
          yield {
            elementId: id,
            message: `Call activity ${labelOf(element)} computes which process it calls by ${content.calledWorkflow}, which is not supported.`,
            remedy: 'Set its called element to the id of a process, and choose between several by a gateway before it.',
          };
      }
  },
};
