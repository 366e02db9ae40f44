import { elementsOf, idOf, isA, labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';

/** Choreographies and conversations tell what partners agree on, and are not executed (BPMN 2.0.2, 2.1.2 and 11). */
export const choreography: Rule = {
  name: 'choreography',
  level: 'hint',
  *check({ definitions }) {
    const roots = elementsOf(definitions, 'rootElements');
    for (const root of roots) {
      const what = isA(root, 'bpmn:Choreography')
        ? 'a choreography'
        : isA(root, 'bpmn:GlobalChoreographyTask')
          ? 'a global choreography task'
          : isA(root, 'bpmn:GlobalConversation')
            ? 'a global conversation'
            : null;
      if (what !== null)
        yield {
          elementId: idOf(root) || null,
          message: `${labelOf(root)} is ${what}, which is not executed: the processes of its partners are.`,
          remedy: 'Draw the pools with their processes, and message flows between them.',
        };
    }
  },
};
