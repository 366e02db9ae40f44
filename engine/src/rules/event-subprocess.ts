import { labelOf } from '../compile/bpmn-element.js';
import type { NodeDraft, Rule } from '../compile/diagram.js';

export const eventSubprocess: Rule = {
  name: 'event-subprocess',
  level: 'error',
  *check({ processes }) {
    for (const { nodes } of processes)
      for (const node of nodes) {
        const connection = node.element.get?.('triggeredByEvent') === true ? connectionOf(node) : null;
        if (connection !== null)
          yield {
            elementId: node.id,
            message: `Event subprocess ${labelOf(node.element)} has ${connection}, and is begun by its start event alone.`,
            remedy: 'Take it off the sequence flows, or make it an embedded subprocess.',
          };
      }
  },
};

/** BPMN 2.0.2, 10.3.5: it is not part of the normal flow. */
function connectionOf({ incoming, outgoing, boundaryEvents }: NodeDraft): string | null {
  if (incoming.length > 0) return 'an incoming sequence flow';
  if (outgoing.length > 0) return 'an outgoing sequence flow';
  return boundaryEvents.length > 0 ? 'a boundary event' : null;
}
