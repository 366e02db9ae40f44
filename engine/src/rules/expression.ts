import { idOf, labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';

export const expression: Rule = {
  name: 'expression',
  level: 'error',
  *check({ occurrences }) {
    for (const { kind, element, place, reading } of occurrences)
      if (kind === 'expression' && !reading.ok)
        yield {
          elementId: idOf(element),
          message: `${labelOf(element)} has a mistake in ${place}. ${reading.reason}`,
          remedy: reading.remedy,
        };
  },
};
