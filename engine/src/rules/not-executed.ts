import { extensionsOf, idOf, labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';

const notExecutedYet: ReadonlySet<string> = new Set([
  'xflow:Entry',
  'xflow:Exit',
  'xflow:Goal',
  'xflow:QuietHours',
  'xflow:Trigger',
]);

export const notExecuted: Rule = {
  name: 'not-executed',
  level: 'warning',
  *check({ processes }) {
    for (const { element: process, nodes } of processes)
      for (const element of [process, ...nodes.map((node) => node.element)])
        for (const { $type } of extensionsOf(element))
          if (notExecutedYet.has($type))
            yield {
              elementId: idOf(element),
              message: `${labelOf(element)} has ${$type.replace(/:./, (start) => start.toLowerCase())}, which is understood but not executed in this version.`,
              remedy: 'Do not rely on it: build what it says from events, gateways and the API.',
            };
  },
};
