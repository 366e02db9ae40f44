import type { Expression, TimerSpec } from '../definition.js';
import { type BpmnElement, elementOf, elementsOf, extensionOf, isA, textOf } from './bpmn-element.js';
import type { NodeContent } from './diagram.js';
import { readActivity } from './read-activity.js';
import type { Reader } from './reader.js';
import type { WorkReader } from './work.js';

/** What a flow node is by itself, or what makes it one that does not run. */
export type NodeReading = { readonly content: NodeContent } | { readonly unsupported: string };

export interface Readers {
  readonly reader: Reader;
  readonly works: WorkReader;
}

/** Reads a flow node. Mistakes in its texts are remembered by the readers. */
export function readNode(element: BpmnElement, readers: Readers): NodeReading {
  if (isA(element, 'bpmn:Gateway')) return readGateway(element);
  if (isA(element, 'bpmn:Event')) return readEvent(element, readers);
  return readActivity(element, readers);
}

function readGateway(element: BpmnElement): NodeReading {
  switch (element.$type) {
    case 'bpmn:ExclusiveGateway': {
      const split = extensionOf(element, 'xflow:Split');
      const experiment = split && (textOf(split, 'experiment') ?? textOf(element, 'id') ?? '');
      return {
        content: { type: 'exclusive-gateway', split: experiment === null ? null : Object.freeze({ experiment }) },
      };
    }
    case 'bpmn:ParallelGateway':
      return { content: { type: 'parallel-gateway' } };
    case 'bpmn:InclusiveGateway':
      return { content: { type: 'inclusive-gateway' } };
    case 'bpmn:EventBasedGateway':
      if (element.get?.('instantiate') === true) return { unsupported: 'an event-based gateway that starts instances' };
      if (textOf(element, 'eventGatewayType') === 'Parallel') return { unsupported: 'a parallel event-based gateway' };
      return { content: { type: 'event-based-gateway' } };
    default:
      return { unsupported: 'a complex gateway' };
  }
}

type EventKind = 'none' | 'message' | 'timer' | 'error' | 'terminate';
const eventKinds: Readonly<Record<string, EventKind>> = {
  'bpmn:MessageEventDefinition': 'message',
  'bpmn:TimerEventDefinition': 'timer',
  'bpmn:ErrorEventDefinition': 'error',
  'bpmn:TerminateEventDefinition': 'terminate',
};

function readEvent(element: BpmnElement, readers: Readers): NodeReading {
  const definitions = [...elementsOf(element, 'eventDefinitions'), ...elementsOf(element, 'eventDefinitionRef')];
  const [definition] = definitions;
  if (definitions.length > 1) return { unsupported: 'an event with more than one event definition' };
  const kind = definition ? eventKinds[definition.$type] : 'none';
  const words = definition?.$type.replace(/^bpmn:|EventDefinition$/g, '').toLowerCase() ?? 'none';
  const unsupported = { unsupported: `a ${words} ${eventName(element)}` };
  if (kind === undefined) return unsupported;
  switch (element.$type) {
    case 'bpmn:StartEvent':
      return readStartEvent(element, kind, definition, readers) ?? unsupported;
    case 'bpmn:EndEvent':
      return readEndEvent(element, kind, definition, readers) ?? unsupported;
    case 'bpmn:IntermediateThrowEvent':
      return readThrowEvent(element, kind, readers) ?? unsupported;
    case 'bpmn:IntermediateCatchEvent':
      return readCatchEvent(element, kind, definition, readers) ?? unsupported;
    case 'bpmn:BoundaryEvent':
      return readBoundaryEvent(element, kind, definition, readers) ?? unsupported;
    default:
      return unsupported;
  }
}

function eventName({ $type }: BpmnElement): string {
  return $type
    .replace('bpmn:', '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
}

function readStartEvent(
  element: BpmnElement,
  kind: EventKind,
  definition: BpmnElement | undefined,
  { reader }: Readers,
): NodeReading | null {
  if (kind === 'none') return { content: { type: 'none-start-event' } };
  if (kind === 'message') return { content: { type: 'message-start-event', messageName: messageName(definition) } };
  if (kind === 'timer' && definition)
    return { content: { type: 'timer-start-event', timer: readTimer(element, definition, reader) } };
  return null;
}

function readEndEvent(
  element: BpmnElement,
  kind: EventKind,
  definition: BpmnElement | undefined,
  { works }: Readers,
): NodeReading | null {
  switch (kind) {
    case 'none':
    case 'message': {
      const work = works.read(element);
      if (!work) return { content: { type: 'none-end-event' } };
      return { content: { type: 'message-end-event', channel: work.channel ?? work.spec.taskType, task: work.spec } };
    }
    case 'terminate':
      return { content: { type: 'terminate-end-event' } };
    case 'error': {
      const error = definition && elementOf(definition, 'errorRef');
      return {
        content: {
          type: 'error-end-event',
          errorCode: (error && textOf(error, 'errorCode')) ?? '',
          errorMessage: (error && textOf(error, 'name')) ?? null,
        },
      };
    }
    case 'timer':
      return null;
  }
}

function readThrowEvent(element: BpmnElement, kind: EventKind, { works }: Readers): NodeReading | null {
  if (kind !== 'none' && kind !== 'message') return null;
  const work = works.read(element);
  if (!work) return { content: { type: 'none-intermediate-throw-event' } };
  return { content: { type: 'message-throw-event', channel: work.channel ?? work.spec.taskType, task: work.spec } };
}

function readCatchEvent(
  element: BpmnElement,
  kind: EventKind,
  definition: BpmnElement | undefined,
  { reader }: Readers,
): NodeReading | null {
  if (kind === 'message')
    return {
      content: {
        type: 'message-catch-event',
        messageName: messageName(definition),
        correlationKey: readCorrelationKey(element, definition, reader),
      },
    };
  const wait = extensionOf(element, 'xflow:Wait');
  if (kind === 'timer' && definition && !wait)
    return { content: { type: 'timer-catch-event', timer: readTimer(element, definition, reader) } };
  if (!wait || (kind !== 'timer' && kind !== 'none')) return null;
  const standard = definition && timerText(definition) ? readTimer(element, definition, reader) : null;
  const text = {
    duration: textOf(wait, 'duration'),
    until: textOf(wait, 'until'),
    zone: textOf(wait, 'zone'),
    window: textOf(wait, 'window'),
    weekdays: textOf(wait, 'weekdays'),
    jitter: textOf(wait, 'jitter'),
  };
  return { content: { type: 'timer-catch-event', timer: reader.wait(element, text, standard) } };
}

function readBoundaryEvent(
  element: BpmnElement,
  kind: EventKind,
  definition: BpmnElement | undefined,
  { reader }: Readers,
): NodeReading | null {
  const interrupting = element.get?.('cancelActivity') !== false;
  if (!definition) return null;
  switch (kind) {
    case 'timer':
      return {
        content: {
          type: 'boundary-event',
          interrupting,
          trigger: { kind, timer: readTimer(element, definition, reader) },
        },
      };
    case 'message':
      return {
        content: {
          type: 'boundary-event',
          interrupting,
          trigger: {
            kind,
            messageName: messageName(definition),
            correlationKey: readCorrelationKey(element, definition, reader),
          },
        },
      };
    case 'error': {
      const error = elementOf(definition, 'errorRef');
      return {
        content: {
          type: 'boundary-event',
          interrupting: true,
          trigger: { kind, errorCode: error && textOf(error, 'errorCode') },
        },
      };
    }
    case 'none':
    case 'terminate':
      return null;
  }
}

/** Name of the message that an event definition or a receive task refers to; empty where there is none. */
export function messageName(referrer: BpmnElement | undefined): string {
  const message = referrer && elementOf(referrer, 'messageRef');
  return (message && textOf(message, 'name')) ?? '';
}

/** xflow:correlation on the element, or zeebe:subscription on its message. */
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
  return key === null ? null : reader.expression(element, 'the correlation key', key);
}

const timerKinds = { timeDate: 'date', timeDuration: 'duration', timeCycle: 'cycle' } as const;
const timerProperties = ['timeDate', 'timeDuration', 'timeCycle'] as const;

function timerText(definition: BpmnElement): boolean {
  return timerProperties.some((property) => elementOf(definition, property) !== null);
}

function readTimer(element: BpmnElement, definition: BpmnElement, reader: Reader): TimerSpec {
  for (const property of timerProperties) {
    const expression = elementOf(definition, property);
    const text = expression && textOf(expression, 'body');
    if (text) return reader.timer(element, timerKinds[property], text);
  }
  return reader.missingTimer(
    element,
    'It has no time.',
    'Give it a date, a duration such as P3D, or a cycle such as R/P1D.',
  );
}
