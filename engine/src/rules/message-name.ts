import { labelOf } from '../compile/bpmn-element.js';
import type { NodeContent, Rule } from '../compile/diagram.js';

export const messageName: Rule = {
  name: 'message-name',
  level: 'error',
  *check({ processes }) {
    for (const { nodes } of processes)
      for (const { id, element, content } of nodes)
        if (content && awaitedName(content) === '')
          yield {
            elementId: id,
            message: `${labelOf(element)} waits for a message, and does not say for which.`,
            remedy: 'Choose a message, and give it a name.',
          };
  },
};

/** Null: it waits for no message. */
function awaitedName(content: NodeContent): string | null {
  switch (content.type) {
    case 'message-start-event':
    case 'receive-task':
    case 'message-catch-event':
      return content.messageName;
    case 'boundary-event':
      return content.trigger.kind === 'message' ? content.trigger.messageName : null;
    default:
      return null;
  }
}
