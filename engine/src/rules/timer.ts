import { idOf, labelOf } from '../compile/bpmn-element.js';
import type { NodeContent, Rule } from '../compile/diagram.js';
import type { TimerSpec } from '../timer-spec.js';

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
        if (timersOf(content).some(({ needs }) => needs.profile || needs.segments.length > 0))
          yield {
            elementId: id,
            message: `The timer of start event ${labelOf(element)} reads the user, and there is no user before an instance has started.`,
            remedy: 'Write a timer that does not depend on user or segment().',
          };
  },
};

/** Timers that start instances. */
function timersOf(content: NodeContent | null): readonly TimerSpec[] {
  if (content?.type === 'timer-start-event') return [content.timer];
  if (content?.type !== 'multiple-start-event') return [];
  return content.trigger.triggers.flatMap((trigger) => (trigger.kind === 'timer' ? [trigger.timer] : []));
}
