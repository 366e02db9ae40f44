import type { MultipleStartNode, MultipleThrowNode } from '../flow-node.js';
import type { Ending, Thrown } from '../thrown.js';
import type { SingleTrigger, Trigger } from '../trigger.js';
import { asks } from '../expressions/needs.js';
import { needsOf, partsOf } from '../step/await-trigger.js';
import { type BpmnElement, elementOf, elementsOf, extensionOf, textOf } from './bpmn-element.js';
import type { NodeDraft } from './diagram.js';
import type { NodeReading, Readers } from './read-node.js';
import {
  eventDefinitionsOf,
  hasTime,
  isParallel,
  kindOf,
  messageName,
  readCorrelationKey,
  readTimer,
  readTrigger,
  signalName,
} from './read-trigger.js';

/** Reads an event with its event definitions, where it stands (BPMN 2.0.2, table 10.93). */
export function readEvent(element: BpmnElement, readers: Readers): NodeReading {
  const definitions = eventDefinitionsOf(element);
  const reading = readByPosition(element, definitions, readers);
  if (reading) return reading;
  const kinds = definitions.map(kindOf);
  const words = kinds.length > 1 ? `${isParallel(element) ? 'parallel ' : ''}multiple (${kinds.join(', ')})` : kinds[0];
  return { unsupported: `a ${words ?? 'none'} ${eventName(element)}` };
}

function readByPosition(
  element: BpmnElement,
  definitions: readonly BpmnElement[],
  readers: Readers,
): NodeReading | null {
  switch (element.$type) {
    case 'bpmn:StartEvent':
      return element.$parent?.get?.('triggeredByEvent') === true
        ? readTriggeredStart(element, definitions, readers)
        : readStartEvent(element, definitions, readers);
    case 'bpmn:EndEvent':
      return readEndEvent(element, definitions, readers);
    case 'bpmn:IntermediateThrowEvent':
      return readThrowEvent(element, definitions, readers);
    case 'bpmn:IntermediateCatchEvent':
      return readCatchEvent(element, definitions, readers);
    case 'bpmn:BoundaryEvent':
      return readBoundaryEvent(element, definitions, readers);
    default:
      return null;
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
  definitions: readonly BpmnElement[],
  { reader }: Readers,
): NodeReading | null {
  if (definitions.length === 0) return { content: { type: 'none-start-event' } };
  const trigger = readTrigger(element, definitions, ['message', 'timer', 'signal', 'conditional'], reader);
  if (trigger === null) return null;
  switch (trigger.kind) {
    case 'message':
      return { content: { type: 'message-start-event', messageName: trigger.messageName } };
    case 'timer':
      return { content: { type: 'timer-start-event', timer: trigger.timer } };
    case 'signal':
      return { content: { type: 'signal-start-event', signalName: trigger.signalName } };
    case 'conditional':
      return { content: { type: 'conditional-start-event', condition: trigger.condition } };
    case 'multiple':
      if (trigger.all && trigger.triggers.every(({ kind }) => kind === 'timer'))
        return { unsupported: 'a parallel multiple start event of timers alone' };
      return { content: { type: 'multiple-start-event', trigger: trigger as MultipleStartNode['trigger'] } };
    default:
      return null;
  }
}

function readTriggeredStart(
  element: BpmnElement,
  definitions: readonly BpmnElement[],
  { reader }: Readers,
): NodeReading | null {
  const interrupting = element.get?.('isInterrupting') !== false;
  if (definitions.length === 1 && kindOf(definitions[0]!) === 'compensate')
    return { content: { type: 'event-subprocess-start-event', interrupting: true, trigger: compensation } };
  const trigger = readTrigger(element, definitions, caught, reader);
  if (trigger === null) return null;
  return (
    refused(trigger, element, interrupting) ?? {
      content: { type: 'event-subprocess-start-event', interrupting: interrupting || catchesErrors(trigger), trigger },
    }
  );
}

const compensation: Trigger = Object.freeze({ kind: 'compensation' });

const caught: readonly SingleTrigger['kind'][] = ['timer', 'message', 'signal', 'conditional', 'error', 'escalation'];

/** An error always interrupts what it comes from (BPMN 2.0.2, 10.5.6). */
function catchesErrors(trigger: Trigger): boolean {
  return partsOf(trigger).some(([{ kind }]) => kind === 'error');
}

/** What no engine could wait for, or this one does not. */
function refused(trigger: Trigger, element: BpmnElement, interrupting: boolean): NodeReading | null {
  const parts = partsOf(trigger).map(([part]) => part);
  const name = eventName(element);
  if (trigger.kind !== 'multiple' || !trigger.all) return null;
  if (parts.filter(({ kind }) => kind === 'error').length > 1)
    return { unsupported: `a parallel multiple ${name} that waits for more than one error` };
  if (!interrupting && parts.some((part) => part.kind !== 'conditional' && asks(needsOf(part))))
    return {
      unsupported: `a non-interrupting parallel multiple ${name} whose time or key reads the user or a segment`,
    };
  return null;
}

function readEndEvent(element: BpmnElement, definitions: readonly BpmnElement[], readers: Readers): NodeReading | null {
  const [definition, ...others] = definitions;
  if (others.length > 0) return readMultiple(element, definitions, 'multiple-end-event', readers);
  switch (definition?.$type) {
    case undefined:
    case 'bpmn:MessageEventDefinition': {
      const work = readers.works.read(element);
      if (work)
        return { content: { type: 'message-end-event', channel: work.channel ?? work.spec.taskType, task: work.spec } };
      return readPublish(element, definition, readers) ?? { content: { type: 'none-end-event' } };
    }
    case 'bpmn:CompensateEventDefinition':
      return readCompensation(definition, 'compensation-end-event');
    case 'bpmn:CancelEventDefinition':
      return element.$parent?.$type === 'bpmn:Transaction' ? { content: { type: 'cancel-end-event' } } : null;
    case 'bpmn:TerminateEventDefinition':
      return { content: { type: 'terminate-end-event' } };
    case 'bpmn:SignalEventDefinition':
      return { content: { type: 'signal-end-event', signalName: signalName(definition) } };
    case 'bpmn:EscalationEventDefinition':
      return { content: { type: 'escalation-end-event', escalationCode: escalationCode(definition) } };
    case 'bpmn:ErrorEventDefinition':
      return { content: { type: 'error-end-event', ...errorOf(definition) } };
    default:
      return null;
  }
}

function errorOf(definition: BpmnElement): { readonly errorCode: string; readonly errorMessage: string | null } {
  const error = elementOf(definition, 'errorRef');
  return {
    errorCode: (error && textOf(error, 'errorCode')) ?? '',
    errorMessage: (error && textOf(error, 'name')) ?? null,
  };
}

/** What an end event ends beyond its token; null: nothing. */
function endingOf(element: BpmnElement, definition: BpmnElement): Ending | null {
  switch (definition.$type) {
    case 'bpmn:ErrorEventDefinition':
      return Object.freeze({ kind: 'error', ...errorOf(definition) });
    case 'bpmn:TerminateEventDefinition':
      return Object.freeze({ kind: 'terminate' });
    case 'bpmn:CancelEventDefinition':
      return element.$parent?.$type === 'bpmn:Transaction' ? Object.freeze({ kind: 'cancel' }) : null;
    default:
      return null;
  }
}

function readThrowEvent(
  element: BpmnElement,
  definitions: readonly BpmnElement[],
  readers: Readers,
): NodeReading | null {
  const [definition, ...others] = definitions;
  if (others.length > 0) return readMultiple(element, definitions, 'multiple-throw-event', readers);
  switch (definition?.$type) {
    case undefined:
    case 'bpmn:MessageEventDefinition': {
      const work = readers.works.read(element);
      if (work)
        return {
          content: { type: 'message-throw-event', channel: work.channel ?? work.spec.taskType, task: work.spec },
        };
      return readPublish(element, definition, readers) ?? { content: { type: 'none-intermediate-throw-event' } };
    }
    case 'bpmn:CompensateEventDefinition':
      return readCompensation(definition, 'compensation-throw-event');
    case 'bpmn:LinkEventDefinition':
      return { content: { type: 'link-throw-event' } };
    case 'bpmn:SignalEventDefinition':
      return { content: { type: 'signal-throw-event', signalName: signalName(definition) } };
    case 'bpmn:EscalationEventDefinition':
      return { content: { type: 'escalation-throw-event', escalationCode: escalationCode(definition) } };
    default:
      return null;
  }
}

/** All events of a throwing event; null: one of them cannot be thrown there, names no message, or two of them end more than the token. */
function readMultiple(
  element: BpmnElement,
  definitions: readonly BpmnElement[],
  type: MultipleThrowNode['type'],
  { reader }: Readers,
): NodeReading | null {
  const throws: Thrown[] = [];
  let ending: Ending | null = null;
  for (const definition of definitions)
    switch (definition.$type) {
      case 'bpmn:MessageEventDefinition': {
        const name = messageName(definition);
        if (name === '') return null;
        const correlationKey = readCorrelationKey(element, definition, reader);
        throws.push(Object.freeze({ kind: 'message', messageName: name, correlationKey }));
        break;
      }
      case 'bpmn:SignalEventDefinition':
        throws.push(Object.freeze({ kind: 'signal', signalName: signalName(definition) }));
        break;
      case 'bpmn:EscalationEventDefinition':
        throws.push(Object.freeze({ kind: 'escalation', escalationCode: escalationCode(definition) }));
        break;
      case 'bpmn:CompensateEventDefinition':
        throws.push(Object.freeze({ kind: 'compensation', ...compensationOf(definition) }));
        break;
      default:
        if (type !== 'multiple-end-event' || ending !== null) return null;
        ending = endingOf(element, definition);
        if (ending === null) return null;
    }
  return { content: { type, throws: Object.freeze(throws), ending } };
}

/** The one link catch event of the name of a link throw event, in the same scope (BPMN 2.0.2, 10.5.5). */
export function linkTarget(element: BpmnElement): BpmnElement | null {
  const name = linkName(element);
  const { $parent } = element;
  if (name === null || !$parent) return null;
  let targets = linkTargets.get($parent);
  if (targets === undefined) {
    targets = new Map();
    for (const other of elementsOf($parent, 'flowElements')) {
      const caught = other.$type === 'bpmn:IntermediateCatchEvent' ? linkName(other) : null;
      // Two of one name are no pair.
      if (caught !== null) targets.set(caught, targets.has(caught) ? null : other);
    }
    linkTargets.set($parent, targets);
  }
  return targets.get(name) ?? null;
}

/** By scope and name; null where there is more than one. */
const linkTargets = new WeakMap<BpmnElement, Map<string, BpmnElement | null>>();

/** Null: it is not one link with a name. */
export function linkName(element: BpmnElement): string | null {
  const [definition, ...others] = eventDefinitionsOf(element);
  return definition?.$type === 'bpmn:LinkEventDefinition' && others.length === 0 ? textOf(definition, 'name') : null;
}

/** A message to other instances; null where `referrer` names none. */
export function readPublish(
  element: BpmnElement,
  referrer: BpmnElement | undefined,
  { reader }: Readers,
): NodeReading | null {
  const name = messageName(referrer);
  if (name === '') return null;
  return {
    content: {
      type: 'message-publish',
      messageName: name,
      correlationKey: readCorrelationKey(element, referrer, reader),
    },
  };
}

function readCompensation(
  definition: BpmnElement,
  type: 'compensation-throw-event' | 'compensation-end-event',
): NodeReading {
  return { content: { type, ...compensationOf(definition) } };
}

function compensationOf(definition: BpmnElement): { readonly activityId: string | null; readonly waits: boolean } {
  const activity = elementOf(definition, 'activityRef');
  return {
    activityId: activity && textOf(activity, 'id'),
    waits: definition.get?.('waitForCompletion') !== false,
  };
}

/** Whether it is a boundary event that leads to a compensation handler. */
export function catchesCompensation({ content }: NodeDraft): boolean {
  return content?.type === 'boundary-event' && content.trigger.kind === 'compensation';
}

function escalationCode(definition: BpmnElement): string {
  const escalation = elementOf(definition, 'escalationRef');
  return (escalation && textOf(escalation, 'escalationCode')) ?? '';
}

function readCatchEvent(
  element: BpmnElement,
  definitions: readonly BpmnElement[],
  { reader }: Readers,
): NodeReading | null {
  const [definition, ...others] = definitions;
  const wait = extensionOf(element, 'xflow:Wait');
  if (wait && others.length === 0 && (!definition || kindOf(definition) === 'timer')) {
    const standard = definition && hasTime(definition) ? readTimer(element, definition, reader) : null;
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
  if (definition?.$type === 'bpmn:LinkEventDefinition' && others.length === 0)
    return { content: { type: 'link-catch-event' } };
  const trigger = readTrigger(element, definitions, ['timer', 'message', 'signal', 'conditional'], reader);
  if (trigger === null) return null;
  switch (trigger.kind) {
    case 'timer':
      return { content: { type: 'timer-catch-event', timer: trigger.timer } };
    case 'message': {
      const { messageName: name, correlationKey } = trigger;
      return { content: { type: 'message-catch-event', messageName: name, correlationKey, instantiates: false } };
    }
    case 'signal':
      return { content: { type: 'signal-catch-event', trigger } };
    case 'conditional':
      return refused(trigger, element, true) ?? { content: { type: 'conditional-catch-event', trigger } };
    default:
      return refused(trigger, element, true) ?? { content: { type: 'multiple-catch-event', trigger } };
  }
}

function readBoundaryEvent(
  element: BpmnElement,
  definitions: readonly BpmnElement[],
  { reader }: Readers,
): NodeReading | null {
  const [definition, ...others] = definitions;
  if (definition && others.length === 0 && kindOf(definition) === 'compensate')
    return { content: { type: 'boundary-event', interrupting: false, trigger: compensation } };
  if (definition && others.length === 0 && kindOf(definition) === 'cancel')
    return elementOf(element, 'attachedToRef')?.$type === 'bpmn:Transaction'
      ? { content: { type: 'boundary-event', interrupting: true, trigger: Object.freeze({ kind: 'cancel' }) } }
      : null;
  const trigger = readTrigger(element, definitions, caught, reader);
  if (trigger === null) return null;
  const interrupting = element.get?.('cancelActivity') !== false || catchesErrors(trigger);
  return refused(trigger, element, interrupting) ?? { content: { type: 'boundary-event', interrupting, trigger } };
}
