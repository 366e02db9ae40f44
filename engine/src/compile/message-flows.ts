import { type BpmnElement, elementOf, elementsOf, extensionsOf, idOf, isA, textOf } from './bpmn-element.js';
import { eventDefinitionsOf } from './read-trigger.js';

/** What a message flow carries, and the other message that its target names. */
export interface Disagreement {
  readonly sent: string;
  readonly named: string;
  /** Whether the target waits for what is sent; it does not when its message flows carry different messages. */
  readonly settled: boolean;
}

/**
 * A message flow carries one message from one pool to another (BPMN 2.0.2, 9.3): the one that its source throws, or else that of the flow, or
 * of its target, or one of its own, named as the flow. An end that names none gets it, and so does a target that names another one: whatever
 * is thrown into the flow is what is waited for behind it.
 */
export function nameMessages(definitions: BpmnElement): void {
  const flows = elementsOf(definitions, 'rootElements')
    .filter((element) => isA(element, 'bpmn:Collaboration'))
    .flatMap((collaboration) => elementsOf(collaboration, 'messageFlows'));
  const arriving = new Map<BpmnElement, { readonly flow: BpmnElement; readonly message: BpmnElement }[]>();
  for (const flow of flows) {
    const [source, target] = ['sourceRef', 'targetRef'].map((end) => {
      const element = elementOf(flow, end);
      return element && referrerOf(element);
    });
    const named = [source, flow, target].map((one) => one && elementOf(one, 'messageRef')).find((message) => message);
    const message = named ?? { $type: 'bpmn:Message', name: textOf(flow, 'name') ?? idOf(flow) };
    for (const end of [source, target])
      if (end && elementOf(end, 'messageRef') === null) Object.assign(end, { messageRef: message });
    if (!source || !target || isWorkedOut(elementOf(flow, 'sourceRef')!, source)) continue;
    const others = arriving.get(target);
    if (others) others.push({ flow, message });
    else arriving.set(target, [{ flow, message }]);
  }
  for (const [target, arrivals] of arriving) settle(target, arrivals);
}

/** What the ends of a message flow disagree about; null: nothing. */
export function disagreementOf(flow: BpmnElement): Disagreement | null {
  return disagreements.get(flow) ?? null;
}

const disagreements = new WeakMap<BpmnElement, Disagreement>();

function settle(
  target: BpmnElement,
  arrivals: readonly { readonly flow: BpmnElement; readonly message: BpmnElement }[],
): void {
  const named = nameOf(elementOf(target, 'messageRef'));
  const settled = new Set(arrivals.map(({ message }) => nameOf(message))).size === 1;
  for (const { flow, message } of arrivals) {
    const sent = nameOf(message);
    if (sent === named) continue;
    disagreements.set(flow, { sent, named, settled });
    if (settled) Object.assign(target, { messageRef: message });
  }
}

const nameOf = (message: BpmnElement | null): string => (message && textOf(message, 'name')) ?? '';

/** Whether something else than the engine sends the message, and chooses its name. */
function isWorkedOut(element: BpmnElement, referrer: BpmnElement): boolean {
  return [element, referrer].some(
    (one) =>
      extensionsOf(one).some(({ $type }) => $type !== 'xflow:Correlation' && $type !== 'xflow:Lifecycle') ||
      Object.keys(one.$attrs ?? {}).some((name) => name.startsWith('camunda:')),
  );
}

/** What names the message of an element: itself, or its event definition; null: it neither throws nor catches one. */
function referrerOf(element: BpmnElement): BpmnElement | null {
  if (isA(element, 'bpmn:SendTask') || isA(element, 'bpmn:ReceiveTask')) return element;
  if (!isA(element, 'bpmn:Event')) return null;
  return eventDefinitionsOf(element).find(({ $type }) => $type === 'bpmn:MessageEventDefinition') ?? null;
}
