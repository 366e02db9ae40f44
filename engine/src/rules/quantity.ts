import { labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';

const properties = ['startQuantity', 'completionQuantity'] as const;

export const quantity: Rule = {
  name: 'quantity',
  level: 'error',
  *check({ processes }) {
    for (const { nodes } of processes)
      for (const { id, element } of nodes)
        for (const property of properties) {
          const value = element.get?.(property);
          if (typeof value === 'number' && !(Number.isInteger(value) && value >= 1))
            yield {
              elementId: id,
              message: `${labelOf(element)} has ${property} ${value}, and tokens are counted in whole numbers from 1 on.`,
              remedy: `Set ${property} to 1 or more, or remove it.`,
            };
        }
  },
};
