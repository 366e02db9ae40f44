import { type BpmnElement, elementOf, isA, labelOf } from '../compile/bpmn-element.js';
import { isType, type NodeDraft, type ProcessDraft, type Rule } from '../compile/diagram.js';
import { catchesCompensation } from '../compile/read-event.js';
import { eventDefinitionsOf } from '../compile/read-trigger.js';

/** What a compensation event undoes (BPMN 2.0.2, 10.5.5 and 10.7.2). */
export const compensationReference: Rule = {
  name: 'compensation-reference',
  level: 'warning',
  *check({ processes }) {
    for (const process of processes)
      for (const { id, element, scope } of process.nodes) {
        if (!isA(element, 'bpmn:ThrowEvent')) continue;
        for (const definition of eventDefinitionsOf(element)) {
          const activity =
            definition.$type === 'bpmn:CompensateEventDefinition' ? elementOf(definition, 'activityRef') : null;
          const mistake = activity && mistakeOf(activity, process, scope.element);
          if (mistake)
            yield {
              elementId: id,
              message: `Compensation event ${labelOf(element)} undoes ${labelOf(activity)}, ${mistake}, so that nothing will be undone.`,
              remedy: 'Choose an activity of the same process or subprocess, or of one around it, that can be undone.',
            };
        }
      }
  },
};

function mistakeOf(activity: BpmnElement, { nodes }: ProcessDraft, scope: BpmnElement): string | null {
  const node = nodes.find(({ element }) => element === activity);
  if (!node) return 'which is no activity of this process';
  if (!isAround(node.scope.element, scope)) return 'which is inside of another subprocess';
  return canBeUndone(node) ? null : 'which has neither a compensation event nor anything in it';
}

function isAround(outer: BpmnElement, scope: BpmnElement): boolean {
  for (let at: BpmnElement | undefined = scope; at; at = at.$parent) if (at === outer) return true;
  return false;
}

/** A subprocess is undone by what has completed in it. */
function canBeUndone(node: NodeDraft): boolean {
  return (
    node.boundaryEvents.some(catchesCompensation) || isType(node, 'subprocess', 'transaction', 'ad-hoc-subprocess')
  );
}
