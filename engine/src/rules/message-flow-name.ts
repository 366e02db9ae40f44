import { elementOf, elementsOf, idOf, isA, labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';
import { disagreementOf } from '../compile/message-flows.js';

export const messageFlowName: Rule = {
  name: 'message-flow-name',
  level: 'warning',
  *check({ definitions }) {
    for (const collaboration of elementsOf(definitions, 'rootElements'))
      for (const flow of isA(collaboration, 'bpmn:Collaboration') ? elementsOf(collaboration, 'messageFlows') : []) {
        const disagreement = disagreementOf(flow);
        const target = elementOf(flow, 'targetRef');
        if (disagreement === null || target === null) continue;
        const { sent, named, settled } = disagreement;
        yield {
          elementId: idOf(flow),
          message: `Message flow ${labelOf(flow)} carries the message "${sent}", but ${labelOf(target)} names "${named}". ${
            settled
              ? `It waits for "${sent}".`
              : 'What it carries does not arrive there, because other message flows bring other messages.'
          }`,
          remedy: 'Let both ends of the message flow name the same message.',
        };
      }
  },
};
