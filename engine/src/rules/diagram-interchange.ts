import { elementsOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';

export const diagramInterchange: Rule = {
  name: 'diagram-interchange',
  level: 'hint',
  *check({ definitions, processes }) {
    if (processes.length > 0 && elementsOf(definitions, 'diagrams').length === 0)
      yield {
        elementId: null,
        message: 'The file has no diagram, so it runs, but nobody can see or edit it in a modeler.',
        remedy: 'Open it in the modeler and lay it out.',
      };
  },
};
