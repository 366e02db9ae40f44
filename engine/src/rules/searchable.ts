import { extensionOf, labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';
import { searchableNames } from '../compile/searchable-names.js';

/** Each is kept beside the instance, and written whenever it changes. */
const most = 20;

export const searchable: Rule = {
  name: 'searchable',
  level: 'error',
  *check({ processes }) {
    for (const { id, element } of processes) {
      if (!extensionOf(element, 'xflow:Searchable')) continue;
      const names = searchableNames(element);
      if (names.length === 0 || names.length > most)
        yield {
          elementId: id,
          message: `The searchable variables of ${labelOf(element)} are ${names.length === 0 ? 'none' : `${names.length}, and at most ${most} can be`}.`,
          remedy: `Set variables to 1 to ${most} names, separated by commas, or remove xflow:searchable.`,
        };
      const twice = names.find((name, index) => names.indexOf(name) !== index);
      if (twice !== undefined)
        yield {
          elementId: id,
          message: `The searchable variables of ${labelOf(element)} name "${twice}" more than once.`,
          remedy: 'Name each variable once.',
        };
    }
  },
};
