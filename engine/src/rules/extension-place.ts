import { xflowModdle } from '@xflow/schemas';
import { extensionsOf, idOf, isA, labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';

/** Where the descriptor allows each element of the xflow language; only these may stand in bpmn:extensionElements. */
const allowedIn = new Map<string, readonly string[]>(
  xflowModdle.types.map((type) => [`xflow:${type.name}`, 'meta' in type ? type.meta.allowedIn : []]),
);

export const extensionPlace: Rule = {
  name: 'extension-place',
  level: 'error',
  *check({ processes }) {
    for (const { element: process, nodes, flows } of processes)
      for (const element of [process, ...nodes.map((node) => node.element), ...flows.map((flow) => flow.element)])
        for (const { $type } of extensionsOf(element)) {
          const places = allowedIn.get($type);
          if (!places || places.some((place) => isA(element, place))) continue;
          yield {
            elementId: idOf(element),
            message: `${labelOf(element)} has ${$type.replace(/:./, (start) => start.toLowerCase())}, which means nothing there.`,
            remedy:
              places.length === 0
                ? 'Move it into the element that it belongs to.'
                : `Move it to one of: ${places.join(', ')}.`,
          };
        }
  },
};
