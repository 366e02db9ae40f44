import { elementOf, idOf, labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';

export const defaultFlow: Rule = {
  name: 'default-flow',
  level: 'error',
  *check({ processes, dangling }) {
    for (const { nodes } of processes)
      for (const { id, element, outgoing } of nodes) {
        const flow = elementOf(element, 'default');
        if (!flow || dangling.has(id) || outgoing.some((other) => other.element === flow)) continue;
        yield {
          elementId: id,
          message: `${labelOf(element)} has the default flow <${idOf(flow)}>, which does not leave it.`,
          remedy: 'Mark one of the sequence flows that leave the element as default, or none.',
        };
      }
  },
};
