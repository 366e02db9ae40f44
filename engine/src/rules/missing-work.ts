import { elementsOf, labelOf } from '../compile/bpmn-element.js';
import { isType, type Rule } from '../compile/diagram.js';

const workers: Readonly<Record<string, string>> = {
  'bpmn:ServiceTask': 'Service task',
  'bpmn:SendTask': 'Send task',
  'bpmn:BusinessRuleTask': 'Business rule task',
  'bpmn:ScriptTask': 'Script task',
};

export const missingWork: Rule = {
  name: 'missing-work',
  level: 'warning',
  *check({ processes }) {
    for (const { nodes } of processes)
      for (const node of nodes) {
        const task = isType(node, 'abstract-task') ? workers[node.element.$type] : undefined;
        const silent =
          isType(node, 'none-intermediate-throw-event', 'none-end-event') &&
          elementsOf(node.element, 'eventDefinitions').length > 0;
        if (task === undefined && !silent) continue;
        yield {
          elementId: node.id,
          message: `${task ?? 'Message event'} ${labelOf(node.element)} does not say what to do, so instances pass through it.`,
          remedy: silent
            ? 'Give it an xflow:message with channel and template.'
            : 'Choose what it does: a segment check, a message, a task type, a script.',
        };
      }
  },
};
