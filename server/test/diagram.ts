/** A BPMN file around what stands in its processes; prefixes bpmn and xflow are declared. */
export function diagram(...processes: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:xflow="urn:xflow:bpmn:1.0" targetNamespace="urn:test">
  ${processes.join('\n')}
</bpmn:definitions>`;
}

/** An executable process. */
export const process = (id: string, content: string): string =>
  `<bpmn:process id="${id}" isExecutable="true">${content}</bpmn:process>`;

/** One element after the other: `sequence('<bpmn:startEvent id="start"/>', ...)` with flows between neighbours. */
export function sequence(...elements: readonly string[]): string {
  const ids = elements.map((element) => /id="([^"]+)"/.exec(element)![1]!);
  const flows = ids
    .slice(1)
    .map(
      (id, index) => `<bpmn:sequenceFlow id="flow-${ids[index]}-${id}" sourceRef="${ids[index]}" targetRef="${id}"/>`,
    );
  return [...elements, ...flows].join('\n');
}

export const start = '<bpmn:startEvent id="start"/>';
export const end = '<bpmn:endEvent id="end"/>';

/** A timer catch event. */
export const wait = (id: string, duration: string): string =>
  `<bpmn:intermediateCatchEvent id="${id}"><bpmn:timerEventDefinition>` +
  `<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">${duration}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>`;

/** A message catch event; the message must be declared by {@link message}. */
export const receive = (id: string, messageId: string): string =>
  `<bpmn:intermediateCatchEvent id="${id}"><bpmn:messageEventDefinition messageRef="${messageId}"/></bpmn:intermediateCatchEvent>`;

export const message = (id: string, name: string): string => `<bpmn:message id="${id}" name="${name}"/>`;

/** An element that moves the user to a stage. */
export const stage = (id: string, name: string): string =>
  `<bpmn:task id="${id}"><bpmn:extensionElements><xflow:lifecycle stage="${name}"/></bpmn:extensionElements></bpmn:task>`;

/** A service task of a type, with literal or FEEL inputs. */
export const task = (id: string, type: string, inputs: Readonly<Record<string, string>> = {}): string =>
  `<bpmn:serviceTask id="${id}"><bpmn:extensionElements><xflow:task type="${type}" resultVariable="result">` +
  Object.entries(inputs)
    .map(([name, value]) => `<xflow:input name="${name}" value="${value}"/>`)
    .join('') +
  `</xflow:task></bpmn:extensionElements></bpmn:serviceTask>`;

export const signal = (id: string, name: string): string => `<bpmn:signal id="${id}" name="${name}"/>`;

const signalEvent = (element: string, id: string, signalId: string): string =>
  `<bpmn:${element} id="${id}"><bpmn:signalEventDefinition signalRef="${signalId}"/></bpmn:${element}>`;

/** A signal catch event; the signal must be declared by {@link signal}. So for the next ones. */
export const catchSignal = (id: string, signalId: string): string =>
  signalEvent('intermediateCatchEvent', id, signalId);
export const throwSignal = (id: string, signalId: string): string =>
  signalEvent('intermediateThrowEvent', id, signalId);
export const startSignal = (id: string, signalId: string): string => signalEvent('startEvent', id, signalId);
export const endSignal = (id: string, signalId: string): string => signalEvent('endEvent', id, signalId);

/** A message throw event that publishes to other journeys; the message must be declared by {@link message}. */
export const throwMessage = (id: string, messageId: string): string =>
  `<bpmn:intermediateThrowEvent id="${id}"><bpmn:messageEventDefinition messageRef="${messageId}"/></bpmn:intermediateThrowEvent>`;
