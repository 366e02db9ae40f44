import { elementsOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';

export const executableProcess: Rule = {
  name: 'executable-process',
  level: 'error',
  *check({ processes, definitions }) {
    if (processes.length === 0)
      yield {
        elementId: null,
        message: 'The file has no process that could run.',
        remedy: 'Draw a process with at least a start event, a task and an end event.',
      };
    for (const { id, nodes } of processes)
      if (nodes.length === 0)
        yield {
          elementId: id,
          message: `The process <${id}> is marked as executable, and is empty.`,
          remedy: 'Draw its elements, or take the mark away.',
        };
    for (const process of elementsOf(definitions, 'rootElements'))
      if (process.$type === 'bpmn:Process' && typeof process.get?.('id') !== 'string')
        yield {
          elementId: null,
          message: 'A process has no id.',
          remedy: 'Give it an id: it is the key under which the workflow is known.',
        };
  },
};
