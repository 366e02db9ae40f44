import { labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';
import { decisionSaidBy } from '../compile/read-decision.js';

export const decision: Rule = {
  name: 'decision',
  level: 'error',
  *check({ processes }) {
    for (const { nodes } of processes)
      for (const { id, element } of nodes) {
        const said = decisionSaidBy(element);
        if (said?.ref === null)
          yield {
            elementId: id,
            message: `Business rule task ${labelOf(element)} does not say which decision it asks.`,
            remedy: 'Write the id of the decision of the DMN file, as in <xflow:decision ref="tier" />.',
          };
      }
  },
};
