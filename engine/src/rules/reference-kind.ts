import { type BpmnElement, elementsOf, idOf, isA, labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';
import { associationsOf } from '../compile/read-data.js';

/** What each reference leads to; those that other rules look at are not among them. */
const kinds: Readonly<Record<string, string>> = {
  messageRef: 'Message',
  signalRef: 'Signal',
  errorRef: 'Error',
  escalationRef: 'Escalation',
  eventDefinitionRef: 'EventDefinition',
  dataObjectRef: 'DataObject',
  processRef: 'Process',
  loopDataInputRef: 'ItemAwareElement',
  loopDataOutputRef: 'ItemAwareElement',
};

export const referenceKind: Rule = {
  name: 'reference-kind',
  level: 'error',
  *check({ definitions, processes }) {
    const participants = elementsOf(definitions, 'rootElements').flatMap((root) => elementsOf(root, 'participants'));
    for (const participant of participants) yield* check(participant, participant, kinds);
    for (const { scopes, nodes } of processes) {
      for (const { element } of scopes)
        for (const data of elementsOf(element, 'flowElements'))
          if (data.$type === 'bpmn:DataObjectReference') yield* check(data, data, kinds);
      for (const { element } of nodes) {
        const loop = element['loopCharacteristics'] as BpmnElement | undefined;
        for (const part of [element, ...elementsOf(element, 'eventDefinitions'), ...(loop ? [loop] : [])])
          yield* check(element, part, kinds);
        for (const association of [...associationsOf(element, 'in'), ...associationsOf(element, 'out')])
          yield* check(element, association, { sourceRef: 'ItemAwareElement', targetRef: 'ItemAwareElement' });
      }
    }
  },
};

function* check(element: BpmnElement, part: BpmnElement, expected: Readonly<Record<string, string>>) {
  for (const [property, kind] of Object.entries(expected)) {
    if (!Object.hasOwn(part, property)) continue;
    const value = part[property];
    for (const referred of (Array.isArray(value) ? value : [value]) as readonly BpmnElement[])
      // Data that is only named stands for the variable of its name.
      if (referred.$instanceOf && !isA(referred, `bpmn:${kind}`))
        yield {
          elementId: idOf(element),
          message: `${labelOf(element)} refers to ${labelOf(referred)} as its ${property}, and that is a ${referred.$type}.`,
          remedy: `Choose ${kind === 'ItemAwareElement' ? 'data' : `an element of type bpmn:${kind}`}.`,
        };
  }
}
