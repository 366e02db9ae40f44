import { type BpmnElement, elementOf, elementsOf, extensionsOf, idOf, textOf } from './bpmn-element.js';
import type { Diagram } from './diagram.js';
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

/** An element, or a part of it, that may have extensions, with the id by which people know it. */
export interface Extended {
  readonly id: string;
  readonly part: BpmnElement;
}

/** Everything in a diagram whose extensions count: processes, nodes and their loops, sequence flows, messages. */
export function extendedParts({ definitions, processes }: Diagram): readonly Extended[] {
  const messages = elementsOf(definitions, 'rootElements').filter(({ $type }) => $type === 'bpmn:Message');
  return [
    ...messages.map((part) => ({ id: idOf(part), part })),
    ...processes.flatMap(({ element: process, nodes, flows }) => [
      { id: idOf(process), part: process },
      ...nodes.flatMap(({ element }) => {
        const loop = elementOf(element, 'loopCharacteristics');
        return [{ id: idOf(element), part: element }, ...(loop ? [{ id: idOf(element), part: loop }] : [])];
      }),
      ...flows.map(({ element }) => ({ id: idOf(element), part: element })),
    ]),
  ];
}

/** What the extensions and conditions of other engines' modelers became, in the order of the diagram. */
export function foreignMappings(diagram: Diagram): readonly ForeignMapping[] {
  const ofExtensions = extendedParts(diagram).flatMap(({ id, part }) => [
    ...extensionsOf(part).flatMap((extension) => mapping(id, extension.$type, extension)),
    ...Object.keys(part.$attrs ?? {}).flatMap((name) => mapping(id, name, part)),
  ]);
  const ofConditions = diagram.processes.flatMap(({ flows }) =>
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
