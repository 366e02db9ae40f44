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
      for (const name of twice(names))
        yield {
          elementId: idOf(element),
          message: `${labelOf(element)} has "${name}" more than once among ${place}.`,
          remedy: 'Keep one of them.',
        };
    }
  },
};

function twice(names: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const again = new Set<string>();
  for (const name of names) (name !== '' && seen.has(name) ? again : seen).add(name);
  return again;
}
