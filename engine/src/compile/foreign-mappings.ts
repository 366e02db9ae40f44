import { type BpmnElement, elementOf, elementsOf, extensionsOf, idOf, textOf } from './bpmn-element.js';
import type { Diagram, ProcessDraft } from './diagram.js';
import { toFeel } from './foreign-expression.js';

/** What an extension of another engine's modeler became. */
export interface ForeignMapping {
  readonly elementId: string;
  /** As in `zeebe:taskDefinition`, or the text of a condition. */
  readonly from: string;
  /** What it means here. */
  readonly to: string;
}

const said = (element: BpmnElement, name: string): string => textOf(element, name) ?? '';

/** Extension elements and attributes that are read, and what they mean; null: nothing by itself. */
const counterparts = new Map<string, ((element: BpmnElement) => string) | null>([
  ['zeebe:taskDefinition', (element) => `xflow:task type="${said(element, 'type')}"`],
  ['zeebe:taskHeaders', () => 'configuration of the task'],
  ['zeebe:ioMapping', () => 'inputs and outputs of the element'],
  ['zeebe:subscription', (element) => `xflow:correlation key="${said(element, 'correlationKey')}"`],
  ['zeebe:calledElement', (element) => `calledElement="${said(element, 'processId')}"`],
  ['zeebe:calledDecision', (element) => `xflow:decision ref="${said(element, 'decisionId')}"`],
  ['zeebe:script', () => 'script in FEEL'],
  ['zeebe:formDefinition', () => 'xflow:form key'],
  ['zeebe:assignmentDefinition', () => 'xflow:candidates'],
  ['zeebe:loopCharacteristics', () => 'collection of the multi-instance activity'],
  ['zeebe:adHoc', () => 'activities that the ad-hoc subprocess begins with'],
  ['camunda:in', () => 'input of the call'],
  ['camunda:out', () => 'output of the call'],
  ['camunda:inputOutput', () => 'inputs and outputs of the element'],
  ['camunda:formData', () => 'xflow:form'],
  ['camunda:topic', (element) => `xflow:task type="${said(element, 'camunda:topic')}"`],
  ['camunda:resultVariable', () => 'result variable'],
  ['camunda:decisionRef', (element) => `xflow:decision ref="${said(element, 'camunda:decisionRef')}"`],
  ['camunda:formKey', () => 'xflow:form key'],
  ['camunda:assignee', () => 'xflow:candidates users'],
  ['camunda:candidateUsers', () => 'xflow:candidates users'],
  ['camunda:candidateGroups', () => 'xflow:candidates groups'],
  ['camunda:collection', () => 'collection of the multi-instance activity'],
  ['camunda:elementVariable', () => 'item of the multi-instance activity'],
  ...[
    'camunda:type',
    'zeebe:userTask',
    'zeebe:versionTag',
    'zeebe:modelerTemplate',
    'zeebe:modelerTemplateVersion',
    'zeebe:modelerTemplateIcon',
    'camunda:versionTag',
    'camunda:historyTimeToLive',
    'camunda:modelerTemplate',
    'camunda:isStartableInTasklist',
  ].map((name): [string, null] => [name, null]),
]);

/** Whether the compiler reads it, or it means nothing for the execution. */
export function hasCounterpart(name: string): boolean {
  return counterparts.has(name);
}

/** An element, or a part of it, that has extensions, with the id by which people know it. */
export interface Extended {
  readonly id: string;
  readonly part: BpmnElement;
  readonly extensions: readonly BpmnElement[];
  /** Names of attributes that BPMN does not know. */
  readonly attributes: readonly string[];
}

/** Everything in a diagram that has extensions which count: processes, nodes and their loops, sequence flows, messages. */
export function extendedParts(definitions: BpmnElement, processes: readonly ProcessDraft[]): readonly Extended[] {
  const found: Extended[] = [];
  const look = (element: BpmnElement, part = element): void => {
    const extensions = extensionsOf(part);
    const attributes = Object.keys(part.$attrs ?? {});
    if (extensions.length + attributes.length > 0) found.push({ id: idOf(element), part, extensions, attributes });
  };
  for (const element of elementsOf(definitions, 'rootElements')) if (element.$type === 'bpmn:Message') look(element);
  for (const { element: process, nodes, flows } of processes) {
    look(process);
    for (const { element } of nodes) {
      look(element);
      const loop = elementOf(element, 'loopCharacteristics');
      if (loop) look(element, loop);
    }
    for (const { element } of flows) look(element);
  }
  return found;
}

/** What the extensions and conditions of other engines' modelers became, in the order of the diagram. */
export function foreignMappings({ extended, processes }: Diagram): readonly ForeignMapping[] {
  const ofExtensions = extended.flatMap(({ id, part, extensions, attributes }) => [
    ...extensions.flatMap((extension) => mapping(id, extension.$type, extension)),
    ...attributes.flatMap((name) => mapping(id, name, part)),
  ]);
  const ofConditions = processes.flatMap(({ flows }) =>
    flows.flatMap(({ element }) => {
      const condition = elementOf(element, 'conditionExpression');
      const from = (condition && textOf(condition, 'body')) ?? '';
      const feel = /^[$#]\{/.test(from) ? toFeel(from) : null;
      return feel?.ok ? [{ elementId: idOf(element), from, to: `=${feel.value}` }] : [];
    }),
  );
  return [...ofExtensions, ...ofConditions];
}

function mapping(elementId: string, from: string, element: BpmnElement): ForeignMapping[] {
  const meaning = counterparts.get(from);
  return meaning ? [{ elementId, from, to: meaning(element) }] : [];
}
