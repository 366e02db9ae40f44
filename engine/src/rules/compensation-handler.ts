import { type BpmnElement, elementOf, elementsOf, isA, labelOf } from '../compile/bpmn-element.js';
import { type Finding, type NodeDraft, type Rule } from '../compile/diagram.js';
import { catchesCompensation } from '../compile/read-event.js';

/** How an activity that undoes another one is connected (BPMN 2.0.2, 10.7.1). */
export const compensationHandler: Rule = {
  name: 'compensation-handler',
  level: 'error',
  *check({ processes }) {
    for (const { scopes } of processes)
      for (const { element: scope, nodes } of scopes) {
        const associations = elementsOf(scope, 'artifacts').filter(({ $type }) => $type === 'bpmn:Association');
        for (const node of nodes)
          if (node.element.get?.('isForCompensation') === true) yield* checkHandler(node);
          else if (catchesCompensation(node)) yield* checkEvent(node, associations);
      }
  },
};

function* checkHandler({ id, element, incoming, outgoing }: NodeDraft): Iterable<Finding> {
  const flow = incoming[0] ?? outgoing[0];
  if (flow)
    yield {
      elementId: id,
      message: `${labelOf(element)} is for compensation, and has the sequence flow ${labelOf(flow.element)}: it runs only when something is undone.`,
      remedy: 'Connect it to a compensation event by an association alone, or take away that it is for compensation.',
    };
}

function* checkEvent({ id, element, outgoing }: NodeDraft, associations: readonly BpmnElement[]): Iterable<Finding> {
  const [flow] = outgoing;
  if (flow)
    yield {
      elementId: id,
      message: `Compensation boundary event ${labelOf(element)} has the outgoing sequence flow ${labelOf(flow.element)}, which nothing would ever take.`,
      remedy: 'Connect it to the activity that undoes by an association.',
    };
  const handlers = new Set(associations.flatMap((association) => handlerOf(association, element)));
  if (handlers.size > 1)
    yield {
      elementId: id,
      message: `Compensation boundary event ${labelOf(element)} is connected to ${handlers.size} activities, and one undoes what has been done.`,
      remedy: 'Connect it to a subprocess for compensation that contains them.',
    };
}

/** The activity at the other end. */
function handlerOf(association: BpmnElement, event: BpmnElement): readonly BpmnElement[] {
  const ends = [elementOf(association, 'sourceRef'), elementOf(association, 'targetRef')];
  if (!ends.includes(event)) return [];
  return ends.flatMap((end) => (end && end !== event && isA(end, 'bpmn:Activity') ? [end] : []));
}
