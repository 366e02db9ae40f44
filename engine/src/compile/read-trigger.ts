import type { Expression } from '../expression.js';
import type { TimerSpec } from '../timer-spec.js';
import type { SingleTrigger, Trigger } from '../trigger.js';
import { type BpmnElement, elementOf, elementsOf, extensionOf, isA, textOf } from './bpmn-element.js';
import type { MissedFirings } from '../timers/compile-timer.js';
import { readCorrelation } from './correlation.js';
import type { Reader } from './reader.js';

/** The event definitions of an event, own ones and shared ones. */
export function eventDefinitionsOf(element: BpmnElement): readonly BpmnElement[] {
  const shared = elementsOf(element, 'eventDefinitionRef').filter((one) => isA(one, 'bpmn:EventDefinition'));
  return [...elementsOf(element, 'eventDefinitions'), ...shared];
}

/** `signal` for bpmn:SignalEventDefinition. */
export function kindOf(definition: BpmnElement): string {
  return definition.$type.replace(/^bpmn:|EventDefinition$/g, '').toLowerCase();
}

/** What an event waits for. Null: it has an event definition of a kind that is not in `kinds`. */
export function readTrigger(
  element: BpmnElement,
  definitions: readonly BpmnElement[],
  kinds: readonly SingleTrigger['kind'][],
  reader: Reader,
): Trigger | null {
  const allowed: readonly string[] = kinds;
  if (definitions.length === 0 || definitions.some((definition) => !allowed.includes(kindOf(definition)))) return null;
  const triggers = definitions.map((definition) => readSingle(element, definition, reader));
  if (triggers.length === 1) return Object.freeze(triggers[0]!);
  return Object.freeze({ kind: 'multiple', triggers: Object.freeze(triggers), all: isParallel(element) });
}

export const isParallel = (element: BpmnElement): boolean => element.get?.('parallelMultiple') === true;

function readSingle(element: BpmnElement, definition: BpmnElement, reader: Reader): SingleTrigger {
  switch (definition.$type) {
    case 'bpmn:TimerEventDefinition':
      return { kind: 'timer', timer: readTimer(element, definition, reader) };
    case 'bpmn:MessageEventDefinition':
      return {
        kind: 'message',
        messageName: messageName(definition),
        correlationKey: readCorrelationKey(element, definition, reader),
      };
    case 'bpmn:SignalEventDefinition':
      return { kind: 'signal', signalName: signalName(definition) };
    case 'bpmn:ConditionalEventDefinition':
      return { kind: 'conditional', condition: readCondition(element, definition, reader) };
    case 'bpmn:ErrorEventDefinition': {
      const error = elementOf(definition, 'errorRef');
      return { kind: 'error', errorCode: error && textOf(error, 'errorCode') };
    }
    case 'bpmn:EscalationEventDefinition': {
      const escalation = elementOf(definition, 'escalationRef');
      return { kind: 'escalation', escalationCode: escalation && textOf(escalation, 'escalationCode') };
    }
    default:
      throw new Error(`Expected an event definition that can be waited for, not ${definition.$type}.`);
  }
}

export function signalName(definition: BpmnElement): string {
  const signal = elementOf(definition, 'signalRef');
  return (signal && textOf(signal, 'name')) ?? '';
}

export function readCondition(element: BpmnElement, definition: BpmnElement, reader: Reader): Expression {
  const condition = elementOf(definition, 'condition');
  const text = (condition && textOf(condition, 'body')) ?? '';
  const language = condition && textOf(condition, 'language');
  return reader.condition(element, text, language);
}

/** Name of the message that an event definition or a task refers to; empty where there is none. */
export function messageName(referrer: BpmnElement | undefined): string {
  const message = referrer && elementOf(referrer, 'messageRef');
  return (message && textOf(message, 'name')) ?? '';
}

/** xflow:correlation on the element, zeebe:subscription on its message, or else the correlation properties of the file. */
export function readCorrelationKey(
  element: BpmnElement,
  referrer: BpmnElement | undefined,
  reader: Reader,
): Expression | null {
  const correlation = extensionOf(element, 'xflow:Correlation');
  const message = referrer && elementOf(referrer, 'messageRef');
  const subscription = message && extensionOf(message, 'zeebe:subscription');
  const key =
    (correlation && textOf(correlation, 'key')) ?? (subscription && textOf(subscription, 'correlationKey')) ?? null;
  if (key !== null) return reader.expression(element, 'the correlation key', key);
  return message ? readCorrelation(element, message, reader) : null;
}

const timerKinds = { timeDate: 'date', timeDuration: 'duration', timeCycle: 'cycle' } as const;
const timerProperties = ['timeDate', 'timeDuration', 'timeCycle'] as const;

export function hasTime(definition: BpmnElement): boolean {
  return timerProperties.some((property) => elementOf(definition, property) !== null);
}

export function readTimer(element: BpmnElement, definition: BpmnElement, reader: Reader): TimerSpec {
  for (const property of timerProperties) {
    const expression = elementOf(definition, property);
    const text = expression && textOf(expression, 'body');
    if (text) return reader.timer(element, timerKinds[property], text, missedFirings(element, reader));
  }
  return reader.missingTimer(
    element,
    'It has no time.',
    'Give it a date, a duration such as P3D, or a cycle such as R/P1D.',
  );
}

/** What xflow:cycle says. */
function missedFirings(element: BpmnElement, reader: Reader): MissedFirings {
  const cycle = extensionOf(element, 'xflow:Cycle');
  const missed = (cycle && textOf(cycle, 'missed')) ?? 'once';
  if (missed === 'once' || missed === 'all') return missed;
  reader.mistake(
    element,
    'xflow:cycle',
    `"${missed}" says nothing about missed firings.`,
    'Write missed="once" or "all".',
  );
  return 'once';
}
