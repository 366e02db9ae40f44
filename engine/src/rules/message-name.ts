import { labelOf } from '../compile/bpmn-element.js';
import type { NodeContent, Rule } from '../compile/diagram.js';
import type { SingleTrigger } from '../trigger.js';
import { partsOf } from '../step/await-trigger.js';

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
    case 'multiple-start-event':
    case 'multiple-catch-event':
    case 'event-subprocess-start-event':
      return nameAmong(partsOf(content.trigger).map(([part]) => part));
    default:
      return null;
  }
}

/** Empty where one of the messages has no name. */
function nameAmong(triggers: readonly SingleTrigger[]): string | null {
  const names = triggers.flatMap((trigger) => (trigger.kind === 'message' ? [trigger.messageName] : []));
  return names.find((name) => name === '') ?? names[0] ?? null;
}
