import { idOf, labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';

export const timer: Rule = {
  name: 'timer',
  level: 'error',
  *check({ occurrences, processes }) {
    for (const { kind, element, place, reading } of occurrences)
      if (kind === 'timer' && !reading.ok)
        yield {
          elementId: idOf(element),
          message: `${labelOf(element)} has a mistake in ${place}. ${reading.reason}`,
          remedy: reading.remedy,
        };
    for (const { nodes } of processes)
      for (const { id, element, content } of nodes)
        if (
          content?.type === 'timer-start-event' &&
          (content.timer.needs.profile || content.timer.needs.segments.length > 0)
        )
          yield {
            elementId: id,
            message: `The timer of start event ${labelOf(element)} reads the user, and there is no user before an instance has started.`,
            remedy: 'Write a timer that does not depend on user or segment().',
          };
  },
};
