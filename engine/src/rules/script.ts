import { idOf, labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';

export const script: Rule = {
  name: 'script',
  level: 'error',
  *check({ occurrences }) {
    for (const { kind, element, reading } of occurrences)
      if (kind === 'script' && !reading.ok)
        yield {
          elementId: idOf(element),
          message: `${labelOf(element)} cannot run. ${reading.reason}`,
          remedy: reading.remedy,
        };
  },
};
