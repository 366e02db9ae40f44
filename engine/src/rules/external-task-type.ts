import { idOf, labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';

export const externalTaskType: Rule = {
  name: 'external-task-type',
  level: 'warning',
  *check({ works }) {
    for (const { element, source, taskType, known, foreign } of works)
      if (foreign && !known && taskType !== null)
        yield {
          elementId: idOf(element),
          message: `${labelOf(element)} has the task type "${taskType}" by ${source}, and no handler of this type is registered: it becomes a job that waits for a worker.`,
          remedy: `Let a worker fetch tasks of type "${taskType}" (docs/external-workers.md), register a task handler of this type, or choose a shipped one.`,
        };
  },
};
