import { isA, labelOf } from '../compile/bpmn-element.js';
import { catchesCompensation } from '../compile/read-event.js';
import { isType, type Rule } from '../compile/diagram.js';

export const boundaryEvent: Rule = {
  name: 'boundary-event',
  level: 'error',
  *check({ processes, dangling }) {
    for (const { nodes } of processes)
      for (const node of nodes) {
        if (!isType(node, 'boundary-event')) continue;
        const name = labelOf(node.element);
        if (node.host === null && !dangling.has(node.id))
          yield {
            elementId: node.id,
            message: `Boundary event ${name} is not attached to an activity of the same process or subprocess.`,
            remedy: 'Drag it onto the border of the activity that it shall interrupt or accompany.',
          };
        else if (node.host !== null && !isA(node.host.element, 'bpmn:Activity'))
          yield {
            elementId: node.id,
            message: `Boundary event ${name} is attached to ${labelOf(node.host.element)}, which is not an activity.`,
            remedy: 'Drag it onto the border of a task, a subprocess or a call activity.',
          };
        if (catchesCompensation(node)) {
          if (node.handler?.element.get?.('isForCompensation') !== true)
            yield {
              elementId: node.id,
              message: `Compensation boundary event ${name} leads to no activity for compensation, so nothing would be undone.`,
              remedy: 'Mark an activity as one for compensation, and connect the event to it by an association.',
            };
        }
      }
  },
};
