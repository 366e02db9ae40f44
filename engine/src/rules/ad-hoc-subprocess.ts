import { labelOf } from '../compile/bpmn-element.js';
import { isType, type Rule } from '../compile/diagram.js';

/** What begins and ends in an ad-hoc subprocess is up to those who ask for its activities (BPMN 2.0.2, 10.3.5). */
export const adHocSubprocess: Rule = {
  name: 'ad-hoc-subprocess',
  level: 'error',
  *check({ processes }) {
    for (const { nodes } of processes)
      for (const node of nodes) {
        const { id, element, inner } = node;
        if (inner === null || !isType(node, 'ad-hoc-subprocess')) continue;
        const event = inner.nodes.find(
          ({ element: { $type } }) => $type === 'bpmn:StartEvent' || $type === 'bpmn:EndEvent',
        );
        if (event)
          yield {
            elementId: event.id,
            message: `Ad-hoc subprocess ${labelOf(element)} contains ${labelOf(event.element)}, ${event.element.$type === 'bpmn:StartEvent' ? 'a start event' : 'an end event'}: its activities begin when they are asked for, and it ends by its completion condition.`,
            remedy: 'Remove the event, or make it an embedded subprocess.',
          };
        if (inner.nodes.length === 0)
          yield {
            elementId: id,
            message: `Ad-hoc subprocess ${labelOf(element)} is empty, and has at least one activity.`,
            remedy: 'Draw the activities that can be asked for.',
          };
      }
  },
};
