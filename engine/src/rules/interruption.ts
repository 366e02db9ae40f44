import { labelOf } from '../compile/bpmn-element.js';
import { isType, type Rule } from '../compile/diagram.js';
import { eventDefinitionsOf, kindOf } from '../compile/read-trigger.js';

/** What always interrupts (BPMN 2.0.2, tables 10.86 and 10.90). */
const interrupting: ReadonlySet<string> = new Set(['error', 'cancel']);

export const interruption: Rule = {
  name: 'interruption',
  level: 'warning',
  *check({ processes }) {
    for (const { nodes } of processes)
      for (const node of nodes) {
        if (!isType(node, 'boundary-event', 'event-subprocess-start-event')) continue;
        const { id, element } = node;
        const attribute = isType(node, 'boundary-event') ? 'cancelActivity' : 'isInterrupting';
        const kind = eventDefinitionsOf(element)
          .map(kindOf)
          .find((one) => interrupting.has(one));
        if (element.get?.(attribute) === false && kind !== undefined)
          yield {
            elementId: id,
            message: `${labelOf(element)} says that it does not interrupt, and ${kind === 'error' ? 'an error' : 'a cancellation'} always does.`,
            remedy: `Remove ${attribute}="false", or use an escalation, which may leave the rest running.`,
          };
      }
  },
};
