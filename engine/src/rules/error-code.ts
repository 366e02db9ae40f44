import { labelOf } from '../compile/bpmn-element.js';
import type { NodeContent, Rule } from '../compile/diagram.js';

export const errorCode: Rule = {
  name: 'error-code',
  level: 'error',
  *check({ processes }) {
    for (const { nodes } of processes)
      for (const { id, element, content } of nodes)
        if (content && thrownCode(content) === '')
          yield {
            elementId: id,
            message: `Error end event ${labelOf(element)} throws an error without a code, which nothing could catch by its code.`,
            remedy: 'Choose an error, and give it a code.',
          };
  },
};

/** Null: it throws no error. */
function thrownCode(content: NodeContent): string | null {
  if (content.type === 'error-end-event') return content.errorCode;
  return content.type === 'multiple-end-event' && content.ending?.kind === 'error' ? content.ending.errorCode : null;
}
