import { idOf, labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';

export const taskType: Rule = {
  name: 'task-type',
  level: 'error',
  *check({ works, taskTypes }) {
    const known = [...taskTypes].sort().join(', ');
    for (const { element, source, channel, taskType: type, known: isKnown, foreign } of works) {
      if (type === null)
        yield {
          elementId: idOf(element),
          message: `${labelOf(element)} has ${source} without ${source === 'xflow:message' ? 'a channel' : 'a type'}.`,
          remedy: source === 'xflow:message' ? 'Choose a channel, such as email.' : `Choose a task type: ${known}.`,
        };
      else if (!isKnown && !foreign)
        yield {
          elementId: idOf(element),
          message:
            channel === null
              ? `${labelOf(element)} has the unknown task type "${type}".`
              : `${labelOf(element)} sends by the channel "${channel}", and there is no task type "${type}".`,
          remedy: `Use one of ${known}; register a task handler of type "${type}"; or name it in XFLOW_WORKER_TYPES, if a worker outside does it.`,
        };
    }
  },
};
