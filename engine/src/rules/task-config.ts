import { idOf, labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';

export const taskConfig: Rule = {
  name: 'task-config',
  level: 'error',
  *check({ works }) {
    for (const { element, configProblems } of works)
      for (const problem of configProblems)
        yield {
          elementId: idOf(element),
          message: `${labelOf(element)}: ${problem}`,
          remedy: 'Correct the configuration of the element.',
        };
  },
};
