import { elementOf, idOf, labelOf } from '../compile/bpmn-element.js';
import type { FlowDraft, Rule } from '../compile/diagram.js';

export const sequenceFlow: Rule = {
  name: 'sequence-flow',
  level: 'error',
  *check({ processes, dangling }) {
    for (const { flows } of processes)
      for (const flow of flows) {
        const mistake = dangling.has(flow.id) ? null : mistakeOf(flow);
        if (mistake !== null)
          yield { elementId: flow.id, message: `Sequence flow ${labelOf(flow.element)} ${mistake}.`, remedy };
      }
  },
};

const remedy =
  'Draw it from one element to another of the same process or subprocess, in the direction in which the process runs.';

function mistakeOf({ element, source, target }: FlowDraft): string | null {
  for (const [end, draft] of [
    ['sourceRef', source],
    ['targetRef', target],
  ] as const) {
    const referred = elementOf(element, end);
    if (!draft && referred)
      return `is connected to <${idOf(referred)}>, which is not an element of the same process or subprocess`;
    if (!draft) return end === 'sourceRef' ? 'comes from nowhere' : 'leads nowhere';
  }
  if (source?.element.$type === 'bpmn:EndEvent') return `leaves the end event ${labelOf(source.element)}`;
  if (target?.element.$type === 'bpmn:StartEvent') return `leads into the start event ${labelOf(target.element)}`;
  if (target?.element.$type === 'bpmn:BoundaryEvent') return `leads into the boundary event ${labelOf(target.element)}`;
  return null;
}
