import { idOf, labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';

export const mapping: Rule = {
  name: 'mapping',
  level: 'error',
  *check({ mappings }) {
    for (const { element, place, names } of mappings) {
      if (names.includes(''))
        yield {
          elementId: idOf(element),
          message: `${labelOf(element)} has an entry without a name among ${place}.`,
          remedy: 'Give it a name, or remove it.',
        };
      const twice = new Set(names.filter((name, index) => name !== '' && names.indexOf(name) !== index));
      for (const name of twice)
        yield {
          elementId: idOf(element),
          message: `${labelOf(element)} has "${name}" more than once among ${place}.`,
          remedy: 'Keep one of them.',
        };
    }
  },
};
