import { type BpmnElement, elementOf, elementsOf, idOf, isA } from './bpmn-element.js';

/**
 * Gives every sequence flow an id, because histories tell which flow was taken, and the standard allows flows without one (BPMN 2.0.2, 8.3.1):
 * the ids of its ends. The same file gives the same ids.
 */
export function nameFlows(processes: readonly BpmnElement[]): void {
  const elements = [...processes];
  // Grows while it is walked: nesting has no bound.
  for (const element of elements) elements.push(...elementsOf(element, 'flowElements'));
  const nameless = elements.filter((element) => isA(element, 'bpmn:SequenceFlow') && idOf(element) === '');
  if (nameless.length === 0) return;
  const taken = new Set(elements.map(idOf));
  const times = new Map<string, number>();
  for (const element of nameless) {
    const between = ['sourceRef', 'targetRef'].map((end) => idOf(elementOf(element, end) ?? element)).join('-');
    let number = times.get(between) ?? 0;
    const id = (): string => (number === 1 ? between : `${between}-${number}`);
    do number += 1;
    while (taken.has(id()));
    times.set(between, number);
    taken.add(id());
    Object.assign(element, { id: id() });
  }
}
