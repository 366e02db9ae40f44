import { type BpmnElement, elementOf, elementsOf, idOf, isA, textOf } from './bpmn-element.js';
import { eventDefinitionsOf } from './read-trigger.js';

/**
 * A message flow says which message goes from one pool to another (BPMN 2.0.2, 9.3): an end that names no message gets that of the flow, or of
 * the other end, or else one of its own, named as the flow. So whatever is thrown into the flow is what is waited for behind it.
 */
export function nameMessages(definitions: BpmnElement): void {
  const flows = elementsOf(definitions, 'rootElements')
    .filter((element) => isA(element, 'bpmn:Collaboration'))
    .flatMap((collaboration) => elementsOf(collaboration, 'messageFlows'));
  for (const flow of flows) {
    const ends = ['sourceRef', 'targetRef'].flatMap((end) => {
      const element = elementOf(flow, end);
      const referrer = element && referrerOf(element);
      return referrer === null ? [] : [referrer];
    });
    const named = [flow, ...ends].map((one) => elementOf(one, 'messageRef')).find((message) => message !== null);
    const message = named ?? { $type: 'bpmn:Message', name: textOf(flow, 'name') ?? idOf(flow) };
    for (const end of ends) if (elementOf(end, 'messageRef') === null) Object.assign(end, { messageRef: message });
  }
}

/** What names the message of an element: itself, or its event definition; null: it neither throws nor catches one. */
function referrerOf(element: BpmnElement): BpmnElement | null {
  if (isA(element, 'bpmn:SendTask') || isA(element, 'bpmn:ReceiveTask')) return element;
  if (!isA(element, 'bpmn:Event')) return null;
  return eventDefinitionsOf(element).find(({ $type }) => $type === 'bpmn:MessageEventDefinition') ?? null;
}
