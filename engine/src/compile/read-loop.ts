import type { Expression } from '../expression.js';
import type { LoopSpec, MultiInstance } from '../loop-spec.js';
import { type BpmnElement, elementOf, elementsOf, extensionOf, textOf } from './bpmn-element.js';
import { dataName, variable } from './data-names.js';
import { associationFrom, associationInto, readAssociation } from './read-data.js';
import { eventDefinitionsOf, kindOf, signalName } from './read-trigger.js';
import type { Reader } from './reader.js';

/** Reads how often an activity runs; null: once. Mistakes in its expressions are remembered by the reader, what is missing is told by a rule. */
export function readLoop(element: BpmnElement, reader: Reader): LoopSpec | null {
  const said = elementOf(element, 'loopCharacteristics');
  if (said === null) return null;
  const condition = (property: string, place: string): Expression | null => {
    const text = bodyOf(said, property);
    return text === null ? null : reader.condition(element, text, null, place);
  };
  if (said.$type === 'bpmn:StandardLoopCharacteristics') {
    const maximum = said.get?.('loopMaximum');
    return Object.freeze<LoopSpec>({
      kind: 'standard',
      testBefore: said.get?.('testBefore') === true,
      maximum: typeof maximum === 'number' ? maximum : null,
      condition: condition('loopCondition', 'the loop condition'),
    });
  }
  const zeebe = extensionOf(said, 'zeebe:loopCharacteristics');
  const ofZeebe = (name: string): string | null => zeebe && textOf(zeebe, name);
  const collectionText = ofZeebe('inputCollection') ?? textOf(said, 'camunda:collection');
  const collectionRef = elementOf(said, 'loopDataInputRef');
  const cardinality = bodyOf(said, 'loopCardinality');
  const inputItem = elementOf(said, 'inputDataItem');
  return Object.freeze<MultiInstance>({
    kind: said.get?.('isSequential') === true ? 'sequential' : 'parallel',
    cardinality: cardinality === null ? null : reader.expression(element, 'the loop cardinality', cardinality),
    collection:
      collectionText !== null
        ? reader.expression(element, 'the collection', collectionText)
        : collectionRef && readCollection(element, collectionRef, reader),
    item: ofZeebe('inputElement') ?? textOf(said, 'camunda:elementVariable') ?? (inputItem && dataName(inputItem)),
    output: readOutput(element, said, ofZeebe, reader),
    completion: condition('completionCondition', 'the completion condition'),
    throws: Object.freeze(readThrows(element, said, reader)),
  });
}

/** The event definitions that the runs throw, each with when that is; `definition` null: the default signal (table 10.31). */
export function behaviorEvents(
  said: BpmnElement,
): readonly { readonly when: 'each' | 'first' | string; readonly definition: BpmnElement | null }[] {
  const one = (property: string, when: 'each' | 'first') => [{ when, definition: elementOf(said, property) }];
  switch (textOf(said, 'behavior')) {
    case 'None':
      return one('noneBehaviorEventRef', 'each');
    case 'One':
      return one('oneBehaviorEventRef', 'first');
    case 'Complex':
      return elementsOf(said, 'complexBehaviorDefinition').flatMap((complex) => {
        const event = elementOf(complex, 'event');
        const definitions = event === null ? [] : eventDefinitionsOf(event);
        return definitions.map((definition) => ({ when: bodyOf(complex, 'condition') ?? 'each', definition }));
      });
    default:
      return [];
  }
}

function readThrows(element: BpmnElement, said: BpmnElement, reader: Reader): MultiInstance['throws'][number][] {
  return behaviorEvents(said).flatMap(({ when, definition }) => {
    const thrown = readThrown(definition);
    if (thrown === null) return [];
    const asked =
      when === 'each' || when === 'first' ? when : reader.condition(element, when, null, 'the condition of its events');
    return [Object.freeze({ when: asked, thrown: Object.freeze(thrown) })];
  });
}

function readThrown(definition: BpmnElement | null): MultiInstance['throws'][number]['thrown'] | null {
  if (definition === null) return { kind: 'signal', signalName: '' };
  switch (kindOf(definition)) {
    case 'signal':
      return { kind: 'signal', signalName: signalName(definition) };
    case 'escalation': {
      const escalation = elementOf(definition, 'escalationRef');
      return { kind: 'escalation', escalationCode: (escalation && textOf(escalation, 'escalationCode')) ?? '' };
    }
    default:
      return null;
  }
}

/** The data itself, or what is associated with the data input that it is (BPMN 2.0.2, table 10.29). */
function readCollection(element: BpmnElement, collection: BpmnElement, reader: Reader): Expression {
  const association = associationInto(element, collection);
  const whole = association && readAssociation(element, association, reader).find(({ path }) => path.length === 0);
  return whole?.value ?? variable(dataName(collection));
}

function readOutput(
  element: BpmnElement,
  said: BpmnElement,
  ofZeebe: (name: string) => string | null,
  reader: Reader,
): MultiInstance['output'] {
  const collection = ofZeebe('outputCollection');
  const text = ofZeebe('outputElement');
  if (collection !== null && text !== null) {
    const name = /^=?\s*([A-Za-z_][A-Za-z0-9_]*)(\.[A-Za-z0-9_.]+)?\s*$/.exec(text)?.[1] ?? null;
    const expression = reader.expression(element, 'the output element', text);
    return Object.freeze({ collection, element: expression, variable: name });
  }
  const collectionRef = elementOf(said, 'loopDataOutputRef');
  const item = elementOf(said, 'outputDataItem');
  if (collectionRef === null || item === null) return null;
  const association = associationFrom(element, collectionRef);
  const target = (association && elementOf(association, 'targetRef')) ?? collectionRef;
  return Object.freeze({ collection: dataName(target), element: variable(dataName(item)), variable: dataName(item) });
}

function bodyOf(said: BpmnElement, property: string): string | null {
  const expression = elementOf(said, property);
  return expression && textOf(expression, 'body');
}
