import type { TaskType } from '@xflow/schemas';
import { type BpmnElement, elementOf, elementsOf, idOf, isA } from './bpmn-element.js';
import { type Diagram, type FlowDraft, isType, type NodeDraft, type ProcessDraft, type ScopeDraft } from './diagram.js';
import { extendedParts } from './foreign-mappings.js';
import { catchesCompensation, linkTarget } from './read-event.js';
import { nameMessages } from './message-flows.js';
import { nameFlows } from './name-flows.js';
import { readData } from './read-data.js';
import { readLoop } from './read-loop.js';
import { readNode, type Readers } from './read-node.js';
import { Reader } from './reader.js';
import { WorkReader } from './work.js';

/** Reads the executable processes of parsed BPMN; where none is marked as executable, all that contain flow nodes. */
export function readDiagram(
  definitions: BpmnElement,
  dangling: ReadonlySet<string>,
  taskTypes: Readonly<Record<string, TaskType>>,
): Diagram {
  nameMessages(definitions);
  const processes = elementsOf(definitions, 'rootElements').filter(({ $type }) => $type === 'bpmn:Process');
  nameFlows(processes);
  const marked = processes.filter((process) => process.get?.('isExecutable') === true);
  const chosen =
    marked.length > 0 ? marked : processes.filter((process) => elementsOf(process, 'flowElements').some(isFlowNode));
  const reader = new Reader();
  const readers: Readers = { reader, works: new WorkReader(reader, taskTypes) };
  const drafts = chosen.map((process) => readProcess(process, readers));
  return {
    definitions,
    processes: drafts,
    marked: marked.length > 0,
    occurrences: reader.occurrences,
    extended: extendedParts(definitions, drafts),
    works: readers.works.works,
    mappings: reader.mappings,
    conversions: reader.conversions,
    dangling,
    taskTypes: new Set(Object.keys(taskTypes)),
  };
}

function readProcess(process: BpmnElement, readers: Readers): ProcessDraft {
  const root: ScopeDraft = { element: process, id: idOf(process), nodes: [], flows: [], links: [] };
  // Grows while it is walked: subprocesses are appended instead of visited recursively.
  const scopes = [root];
  const { occurrences } = readers.reader;
  const { works } = readers.works;
  const before = { occurrences: occurrences.length, works: works.length };
  for (const scope of scopes) readScope(scope, scopes, readers);
  return {
    element: process,
    id: root.id,
    scopes,
    nodes: scopes.flatMap(({ nodes }) => nodes),
    flows: scopes.flatMap(({ flows }) => flows),
    occurrences: occurrences.slice(before.occurrences),
    works: works.slice(before.works),
  };
}

function readScope(scope: ScopeDraft, scopes: ScopeDraft[], readers: Readers): void {
  const elements = elementsOf(scope.element, 'flowElements');
  const drafts = new Map<BpmnElement, NodeDraft>();
  for (const element of elements.filter(isFlowNode)) {
    const reading = readNode(element, readers);
    const content = 'content' in reading ? reading.content : null;
    const draft: NodeDraft = {
      element,
      id: idOf(element),
      content,
      unsupported: 'unsupported' in reading ? reading.unsupported : null,
      loop: readLoop(element, readers.reader),
      data: readData(element, content, readers.reader),
      scope,
      incoming: [],
      outgoing: [],
      boundaryEvents: [],
      host: null,
      handler: null,
      inner: null,
    };
    drafts.set(element, draft);
    scope.nodes.push(draft);
    if (isType(draft, 'subprocess', 'transaction', 'event-subprocess', 'ad-hoc-subprocess')) {
      draft.inner = { element, id: draft.id, nodes: [], flows: [], links: [] };
      scopes.push(draft.inner);
    }
  }
  for (const element of elements) {
    if (isA(element, 'bpmn:SequenceFlow')) connect(element, scope, drafts, readers.reader);
    else if (element.$type === 'bpmn:BoundaryEvent') attach(element, drafts);
  }
  for (const association of elementsOf(scope.element, 'artifacts')) associate(association, drafts);
  for (const draft of scope.nodes) if (isType(draft, 'link-throw-event')) link(draft, scope, drafts);
}

/** A link is a sequence flow that is not drawn; what it leads to was found when the event was read. */
function link(source: NodeDraft, scope: ScopeDraft, drafts: ReadonlyMap<BpmnElement, NodeDraft>): void {
  const element = linkTarget(source.element);
  const target = (element && drafts.get(element)) ?? null;
  const { id } = source;
  const flow: FlowDraft = { element: source.element, id, source, target, condition: null, isDefault: false };
  scope.links.push(flow);
  source.outgoing.push(flow);
  target?.incoming.push(flow);
}

function connect(
  element: BpmnElement,
  scope: ScopeDraft,
  drafts: ReadonlyMap<BpmnElement, NodeDraft>,
  reader: Reader,
): void {
  const source = elementOf(element, 'sourceRef');
  const target = elementOf(element, 'targetRef');
  const condition = elementOf(element, 'conditionExpression');
  const text = condition?.get?.('body');
  const language = condition?.get?.('language');
  const flow: FlowDraft = {
    element,
    id: idOf(element),
    source: (source && drafts.get(source)) ?? null,
    target: (target && drafts.get(target)) ?? null,
    condition:
      typeof text === 'string' && text.trim() !== ''
        ? reader.condition(element, text.trim(), typeof language === 'string' ? language : null)
        : null,
    isDefault: source !== null && elementOf(source, 'default') === element,
  };
  scope.flows.push(flow);
  flow.source?.outgoing.push(flow);
  flow.target?.incoming.push(flow);
}

function attach(element: BpmnElement, drafts: ReadonlyMap<BpmnElement, NodeDraft>): void {
  const boundary = drafts.get(element);
  const attachedTo = elementOf(element, 'attachedToRef');
  const host = attachedTo && drafts.get(attachedTo);
  if (!boundary || !host) return;
  boundary.host = host;
  host.boundaryEvents.push(boundary);
}

/** A compensation boundary event is associated with its handler (BPMN 2.0.2, 10.7.1). */
function associate(element: BpmnElement, drafts: ReadonlyMap<BpmnElement, NodeDraft>): void {
  if (element.$type !== 'bpmn:Association') return;
  const ends = [elementOf(element, 'sourceRef'), elementOf(element, 'targetRef')].map((end) => end && drafts.get(end));
  const boundary = ends.find((end) => end?.content?.type === 'boundary-event');
  const handler = ends.find((end) => end && isA(end.element, 'bpmn:Activity'));
  if (boundary && handler && catchesCompensation(boundary)) boundary.handler = handler;
}

function isFlowNode(element: BpmnElement): boolean {
  return isA(element, 'bpmn:FlowNode');
}
