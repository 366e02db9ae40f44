import { type BpmnElement, elementOf, elementsOf, isA, labelOf, textOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';
import { behaviorEvents } from '../compile/read-loop.js';

export const eventReference: Rule = {
  name: 'event-reference',
  level: 'error',
  *check({ processes, dangling }) {
    for (const { nodes } of processes)
      for (const { id, element } of nodes) {
        if (!isA(element, 'bpmn:Event') || dangling.has(id)) continue;
        const hearsRuns = isOnThrowingRuns(element);
        for (const definition of [
          ...elementsOf(element, 'eventDefinitions'),
          ...elementsOf(element, 'eventDefinitionRef'),
        ])
          for (const [what, remedy] of missingIn(definition, isA(element, 'bpmn:ThrowEvent'), hearsRuns))
            yield { elementId: id, message: `Event ${labelOf(element)} does not say ${what}.`, remedy };
      }
  },
};

/** Whether it is a boundary event of a multi-instance activity whose runs throw the default signal, which has no name (table 10.31). */
function isOnThrowingRuns(element: BpmnElement): boolean {
  const host = elementOf(element, 'attachedToRef');
  const said = host && elementOf(host, 'loopCharacteristics');
  return said !== null && behaviorEvents(said).some(({ definition }) => definition === null);
}

/** What an event definition must refer to and does not. An event that catches escalations may catch all of them. */
function missingIn(
  definition: BpmnElement,
  throws: boolean,
  hearsRuns: boolean,
): readonly (readonly [what: string, remedy: string])[] {
  switch (definition.$type) {
    case 'bpmn:SignalEventDefinition':
      return hasText(definition, 'signalRef', 'name') || hearsRuns
        ? []
        : [['which signal it is about', 'Choose a signal, and give it a name.']];
    case 'bpmn:EscalationEventDefinition':
      return !throws || hasText(definition, 'escalationRef', 'escalationCode')
        ? []
        : [['which escalation it throws', 'Choose an escalation, and give it a code.']];
    case 'bpmn:ConditionalEventDefinition': {
      const condition = elementOf(definition, 'condition');
      return condition && textOf(condition, 'body') !== null
        ? []
        : [['what its condition is', 'Write a condition, such as =amount > 100.']];
    }
    default:
      return [];
  }
}

function hasText(definition: BpmnElement, reference: string, property: string): boolean {
  const referred = elementOf(definition, reference);
  return referred !== null && textOf(referred, property) !== null;
}
