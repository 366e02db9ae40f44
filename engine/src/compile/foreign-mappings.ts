import { type BpmnElement, elementOf, elementsOf, extensionsOf, idOf, isA, textOf } from './bpmn-element.js';
import type { Diagram, ProcessDraft } from './diagram.js';
import { readRetry } from './read-retry.js';
import { eventDefinitionsOf } from './read-trigger.js';

/** What an extension of another engine's modeler became. */
export interface ForeignMapping {
  readonly elementId: string;
  /** As in `zeebe:taskDefinition`, or the text of an expression. */
  readonly from: string;
  /** What it means here. */
  readonly to: string;
}

interface Counterpart {
  /** What it means here; null: nothing by itself, or nothing for the execution. */
  readonly meaning: ((extension: BpmnElement) => string) | null;
  /** Values of an attribute that mean what happens here; absent: all. */
  readonly values?: readonly string[];
  /** Types of the elements where it is read; absent: wherever it may stand. */
  readonly places?: readonly string[];
  /** Attributes that are read; absent: all that it may have. */
  readonly attributes?: readonly string[];
}

const said = (element: BpmnElement, name: string): string => textOf(element, name) ?? '';
const userTasks = ['bpmn:UserTask', 'bpmn:GlobalUserTask'];
const calls = ['source', 'sourceExpression', 'target', 'variables'];

/** Extension elements and attributes that are read. */
const counterparts = new Map<string, Counterpart>([
  ['zeebe:taskDefinition', { meaning: taskText, attributes: ['type', 'retries'] }],
  ['zeebe:taskHeaders', { meaning: () => 'configuration of the task' }],
  ['zeebe:ioMapping', { meaning: () => 'inputs and outputs of the element' }],
  [
    'zeebe:subscription',
    {
      meaning: (element) => `xflow:correlation key="${said(element, 'correlationKey')}"`,
      attributes: ['correlationKey'],
    },
  ],
  [
    'zeebe:calledElement',
    {
      meaning: (element) => `calledElement="${said(element, 'processId')}"`,
      attributes: ['processId', 'propagateAllChildVariables', 'propagateAllParentVariables'],
    },
  ],
  [
    'zeebe:calledDecision',
    {
      meaning: (element) => `xflow:decision ref="${said(element, 'decisionId')}"`,
      places: ['bpmn:BusinessRuleTask', 'bpmn:GlobalBusinessRuleTask'],
      attributes: ['decisionId', 'resultVariable'],
    },
  ],
  [
    'zeebe:script',
    {
      meaning: () => 'script in FEEL',
      places: ['bpmn:ScriptTask', 'bpmn:GlobalScriptTask'],
      attributes: ['expression', 'resultVariable'],
    },
  ],
  ['zeebe:formDefinition', { meaning: () => 'xflow:form key', places: userTasks, attributes: ['formId', 'formKey'] }],
  [
    'zeebe:assignmentDefinition',
    {
      meaning: () => 'xflow:candidates',
      places: userTasks,
      attributes: ['assignee', 'candidateUsers', 'candidateGroups'],
    },
  ],
  [
    'zeebe:loopCharacteristics',
    {
      meaning: () => 'collection of the multi-instance activity',
      attributes: ['inputCollection', 'inputElement', 'outputCollection', 'outputElement'],
    },
  ],
  [
    'zeebe:adHoc',
    {
      meaning: () => 'activities that the ad-hoc subprocess begins with',
      attributes: ['activeElementsCollection'],
    },
  ],
  ['camunda:failedJobRetryTimeCycle', { meaning: (element) => retryText(element) ?? '' }],
  ['camunda:in', { meaning: () => 'input of the call', places: ['bpmn:CallActivity'], attributes: calls }],
  ['camunda:out', { meaning: () => 'output of the call', places: ['bpmn:CallActivity'], attributes: calls }],
  ['camunda:inputOutput', { meaning: () => 'inputs and outputs of the element' }],
  ['camunda:formData', { meaning: () => 'xflow:form', places: userTasks }],
  ['camunda:topic', { meaning: (element) => `xflow:task type="${said(element, 'camunda:topic')}"` }],
  ['camunda:resultVariable', { meaning: () => 'result variable' }],
  [
    'camunda:decisionRef',
    {
      meaning: (element) => `xflow:decision ref="${said(element, 'camunda:decisionRef')}"`,
      places: ['bpmn:BusinessRuleTask', 'bpmn:GlobalBusinessRuleTask'],
    },
  ],
  ['camunda:mapDecisionResult', { meaning: () => 'result of the decision', values: ['singleEntry', 'collectEntries'] }],
  ['camunda:formKey', { meaning: () => 'xflow:form key', places: userTasks }],
  ['camunda:assignee', { meaning: () => 'xflow:candidates users', places: userTasks }],
  ['camunda:candidateUsers', { meaning: () => 'xflow:candidates users', places: userTasks }],
  ['camunda:candidateGroups', { meaning: () => 'xflow:candidates groups', places: userTasks }],
  ['camunda:collection', { meaning: () => 'collection of the multi-instance activity' }],
  ['camunda:elementVariable', { meaning: () => 'item of the multi-instance activity' }],
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
    'camunda:modelerTemplateVersion',
    'camunda:isStartableInTasklist',
    // Every step is a transaction of its own here.
    'camunda:asyncBefore',
    'camunda:asyncAfter',
    'camunda:exclusive',
  ].map((name): [string, Counterpart] => [name, { meaning: null }]),
]);

function taskText(extension: BpmnElement): string {
  const retries = retryText(extension);
  return `xflow:task type="${said(extension, 'type')}"${retries === null ? '' : ` and ${retries}`}`;
}

/** As xflow:retry; null: it says nothing of it, or nothing that is understood. */
function retryText(extension: BpmnElement): string | null {
  const element = extension.$parent?.$parent;
  const retry = element && readRetry(element)?.retry;
  if (!retry) return null;
  const backoff = retry.backoff.map((delay) => `PT${delay / 1000}S`).join(',');
  return `xflow:retry attempts="${retry.attempts ?? ''}"${backoff === '' ? '' : ` backoff="${backoff}"`}`;
}

/** Whether the compiler reads it there, or it means nothing for the execution. */
export function hasCounterpart(name: string, element: BpmnElement): boolean {
  const counterpart = counterparts.get(name);
  if (counterpart === undefined) return false;
  const { places, values } = counterpart;
  return (places?.includes(element.$type) ?? true) && (values?.includes(said(element, name)) ?? true);
}

/** Attributes of an extension that is read, which are not read themselves. `latest` is what a binding is here. */
export function ignoredAttributes(extension: BpmnElement): readonly string[] {
  const read = counterparts.get(extension.$type)?.attributes;
  if (read === undefined) return [];
  return Object.keys(extension).filter(
    (name) =>
      !name.startsWith('$') &&
      !name.startsWith('xmlns') &&
      !read.includes(name) &&
      !(name === 'bindingType' && extension[name] === 'latest'),
  );
}

/** An element, or a part of it, that has extensions, with the id by which people know it. */
export interface Extended {
  readonly id: string;
  readonly part: BpmnElement;
  readonly extensions: readonly BpmnElement[];
  /** Names of attributes that BPMN does not know. */
  readonly attributes: readonly string[];
}

/** Everything in a diagram that has extensions which count: processes, nodes, their loops and event definitions, sequence flows, messages. */
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
      if (isA(element, 'bpmn:Event')) for (const definition of eventDefinitionsOf(element)) look(element, definition);
    }
    for (const { element } of flows) look(element);
  }
  return found;
}

/** What the extensions and expressions of other engines' modelers became. */
export function foreignMappings({ extended, conversions }: Diagram): readonly ForeignMapping[] {
  const ofExtensions = extended.flatMap(({ id, part, extensions, attributes }) => [
    ...extensions.flatMap((extension) => mapping(id, extension.$type, extension, part)),
    ...attributes.flatMap((name) => mapping(id, name, part, part)),
  ]);
  return [...ofExtensions, ...conversions.map(({ element, from, to }) => ({ elementId: idOf(element), from, to }))];
}

function mapping(elementId: string, from: string, element: BpmnElement, part: BpmnElement): ForeignMapping[] {
  const meaning = counterparts.get(from)?.meaning;
  return meaning && hasCounterpart(from, part) ? [{ elementId, from, to: meaning(element) }] : [];
}
