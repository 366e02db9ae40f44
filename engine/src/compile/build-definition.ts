import type { Definition, Lifecycle, ScopeNode, SequenceFlow, StartEvent } from '../definition.js';
import type { FlowNode } from '../flow-node.js';
import type { SingleTrigger, StartTrigger } from '../trigger.js';
import { isParallel, partsOf, triggerOf } from '../step/await-trigger.js';
import { addDuration, parseDuration } from '../timers/iso-8601.js';
import { type BpmnElement, elementsOf, extensionOf, textOf } from './bpmn-element.js';
import { dataName } from './data-names.js';
import { type FlowDraft, instantiates, isType, type NodeDraft, type ProcessDraft, type ScopeDraft } from './diagram.js';
import { laneName, lanesOf } from './lanes.js';
import { dataObjectsUsedBy, propertiesOf } from './read-data.js';
import { referencesOf } from './references-of.js';
import { searchableNames } from './searchable-names.js';

/** Builds the graph of a process that the rules found free of errors: nodes and flows that point at each other, all of it frozen. */
export function buildDefinition(process: ProcessDraft): Definition {
  const graph = new Graph(process);
  return Object.freeze<Definition>({
    key: process.id,
    name: textOf(process.element, 'name'),
    lifecycle: lifecycleOf(process.element),
    frequencyCap: frequencyCapOf(process.element),
    searchable: Object.freeze(searchableNames(process.element)),
    root: graph.scope(process.id),
    nodes: graph.nodes,
    flows: graph.flows,
    startEvents: Object.freeze(graph.scope(process.id).nodes.flatMap(startEventOf)),
    references: referencesOf(process),
  });
}

/** Cyclic and frozen: every object is made first, filled with the others, and frozen last. */
class Graph {
  readonly nodes = new Map<string, FlowNode>();
  readonly flows = new Map<string, SequenceFlow>();
  private readonly links = new Map<string, SequenceFlow>();
  private readonly scopes = new Map<string, ScopeNode>();
  /** Data objects that are more than drawn. */
  private readonly dataObjects: ReadonlySet<BpmnElement>;

  constructor(process: ProcessDraft) {
    this.dataObjects = new Set(process.nodes.flatMap(({ element }) => dataObjectsUsedBy(element)));
    for (const { id } of process.scopes)
      this.scopes.set(id, {
        id,
        noneStarts: [],
        implicitStarts: [],
        nodes: [],
        eventSubprocesses: [],
        triggeredStart: null,
        declared: [],
      });
    for (const draft of process.nodes) this.nodes.set(draft.id, this.makeNode(draft));
    for (const draft of process.flows) {
      const weight = extensionOf(draft.element, 'xflow:Weight');
      this.flows.set(
        draft.id,
        Object.freeze<SequenceFlow>({
          id: draft.id,
          name: textOf(draft.element, 'name'),
          source: this.node(draft.source?.id),
          target: this.node(draft.target?.id),
          condition: draft.condition,
          isDefault: draft.isDefault,
          weight:
            weight &&
            Object.freeze({ value: Number(weight.get?.('value')), holdout: weight.get?.('holdout') === true }),
        }),
      );
    }
    for (const draft of process.scopes.flatMap(({ links }) => links))
      this.links.set(
        draft.id,
        Object.freeze<SequenceFlow>({
          id: draft.id,
          name: null,
          source: this.node(draft.source?.id),
          target: this.node(draft.target?.id),
          condition: null,
          isDefault: false,
          weight: null,
        }),
      );
    for (const draft of process.nodes) this.fillNode(draft);
    for (const draft of process.scopes) this.fillScope(draft);
  }

  scope(id: string): ScopeNode {
    return expected(this.scopes.get(id), id);
  }

  private node(id: string | undefined): FlowNode {
    return expected(id === undefined ? undefined : this.nodes.get(id), id ?? 'a node');
  }

  private makeNode(draft: NodeDraft): FlowNode {
    // The fields of all nodes come before those of its content: V8 gives every object that begins as a copy of another one a hidden
    // class of its own, and a step through many such nodes takes five times as long.
    return {
      id: draft.id,
      name: textOf(draft.element, 'name'),
      scopeId: draft.scope.id,
      incoming: [],
      outgoing: [],
      lifecycle: lifecycleOf(draft.element),
      boundaryEvents: [],
      loop: draft.loop,
      quantity: quantityOf(draft.element),
      lane: laneOf(draft.element),
      data: draft.data,
      ...expected(draft.content, draft.id),
      ...(draft.handler ? { handlerId: draft.handler.id } : {}),
      ...(draft.host ? { attachedTo: draft.host.id } : {}),
      ...(draft.inner ? { scope: this.scope(draft.inner.id) } : {}),
    } as FlowNode;
  }

  private fillNode(draft: NodeDraft): void {
    const flow = (drawn: FlowDraft): SequenceFlow =>
      expected((isType(drawn.source ?? draft, 'link-throw-event') ? this.links : this.flows).get(drawn.id), drawn.id);
    Object.freeze(
      Object.assign(this.node(draft.id), {
        incoming: Object.freeze(draft.incoming.map(flow)),
        outgoing: Object.freeze(draft.outgoing.map(flow)),
        boundaryEvents: Object.freeze(draft.boundaryEvents.map(({ id }) => this.node(id))),
      }),
    );
  }

  /** Of a subprocess: the process itself keeps whatever nothing else declares. */
  private declaredIn({ element }: ScopeDraft): string[] {
    if (element.$type === 'bpmn:Process') return [];
    const objects = this.dataObjects.size === 0 ? [] : elementsOf(element, 'flowElements');
    const own = [...propertiesOf(element), ...objects.filter((one) => this.dataObjects.has(one))];
    return [...new Set(own.map(dataName))];
  }

  private fillScope(draft: ScopeDraft): void {
    const noneStarts = draft.nodes.filter((node) => isType(node, 'none-start-event'));
    const hasStart = draft.nodes.some((node) => node.element.$type === 'bpmn:StartEvent');
    const triggered = draft.nodes.find((node) => isType(node, 'event-subprocess-start-event'));
    const implicitStarts = hasStart
      ? []
      : draft.nodes.filter((node) => startsWithoutEvent(node) && !instantiates(node));
    Object.freeze(
      Object.assign(this.scope(draft.id), {
        noneStarts: Object.freeze(noneStarts.map(({ id }) => this.node(id))),
        implicitStarts: Object.freeze(implicitStarts.map(({ id }) => this.node(id))),
        nodes: Object.freeze(draft.nodes.map(({ id }) => this.node(id))),
        eventSubprocesses: Object.freeze(
          draft.nodes.filter((node) => isType(node, 'event-subprocess')).map(({ id }) => this.node(id)),
        ),
        triggeredStart: triggered ? this.node(triggered.id) : null,
        declared: Object.freeze(this.declaredIn(draft)),
      }),
    );
  }
}

/** Activities and gateways without incoming flow start with a scope that has no start event (BPMN 2.0.2, 13.2). */
export function startsWithoutEvent(node: NodeDraft): boolean {
  return (
    node.incoming.length === 0 &&
    (!/Event$/.test(node.element.$type) || beginsWhenAsked(node)) &&
    !isType(node, 'event-subprocess') &&
    node.element.get?.('isForCompensation') !== true
  );
}

/** Intermediate events of an ad-hoc subprocess that no flow leads to are asked for like its activities (BPMN 2.0.2, 10.3.5). */
function beginsWhenAsked(node: NodeDraft): boolean {
  return (
    node.scope.element.$type === 'bpmn:AdHocSubProcess' &&
    /Intermediate/.test(node.element.$type) &&
    !isType(node, 'link-catch-event')
  );
}

function startEventOf(node: FlowNode): StartEvent[] {
  switch (node.type) {
    case 'none-start-event':
      return [Object.freeze({ kind: 'none', id: node.id })];
    case 'message-start-event':
      return [Object.freeze({ kind: 'message', id: node.id, messageName: node.messageName })];
    case 'timer-start-event':
      return [Object.freeze({ kind: 'timer', id: node.id, timer: node.timer })];
    case 'signal-start-event':
      return [Object.freeze({ kind: 'signal', id: node.id, signalName: node.signalName })];
    case 'conditional-start-event':
      return [Object.freeze({ kind: 'conditional', id: node.id, condition: node.condition })];
    case 'multiple-start-event':
      return node.trigger.triggers.flatMap((part, position) =>
        // What a parallel one is begun by: a time is waited for in the instance.
        node.trigger.all && part.kind === 'timer'
          ? []
          : [startBy(node.id, part, node.trigger.all ? position : undefined)],
      );
    case 'receive-task':
      return node.instantiates ? [Object.freeze({ kind: 'message', id: node.id, messageName: node.messageName })] : [];
    case 'event-based-gateway':
      return node.instantiates ? node.outgoing.flatMap(({ target }) => startsBehind(target)) : [];
    default:
      return [];
  }
}

function startBy(id: string, trigger: StartTrigger, position?: number): StartEvent {
  const part = position === undefined ? {} : { part: position };
  switch (trigger.kind) {
    case 'message':
      return Object.freeze({ kind: 'message', id, messageName: trigger.messageName, ...part });
    case 'timer':
      return Object.freeze({ kind: 'timer', id, timer: trigger.timer });
    case 'signal':
      return Object.freeze({ kind: 'signal', id, signalName: trigger.signalName, ...part });
    case 'conditional':
      return Object.freeze({ kind: 'conditional', id, condition: trigger.condition, ...part });
  }
}

const isStartTrigger = (part: SingleTrigger): part is StartTrigger =>
  part.kind === 'message' || part.kind === 'timer' || part.kind === 'signal' || part.kind === 'conditional';

/** The events of an instantiating gateway. */
function startsBehind(node: FlowNode): StartEvent[] {
  const trigger = triggerOf(node);
  if (trigger === null) return [];
  return partsOf(trigger).flatMap(([part, position]) =>
    isStartTrigger(part) && !(isParallel(trigger) && part.kind === 'timer')
      ? [startBy(node.id, part, isParallel(trigger) ? position : undefined)]
      : [],
  );
}

function laneOf(element: BpmnElement): string | null {
  const [lane] = lanesOf(element);
  return lane ? laneName(lane) : null;
}

function quantityOf(element: BpmnElement): FlowNode['quantity'] {
  const start = element.get?.('startQuantity');
  const completion = element.get?.('completionQuantity');
  if (typeof start !== 'number' || typeof completion !== 'number' || (start === 1 && completion === 1)) return null;
  return Object.freeze({ start, completion });
}

function lifecycleOf(element: BpmnElement): Lifecycle | null {
  const lifecycle = extensionOf(element, 'xflow:Lifecycle');
  const stage = lifecycle && textOf(lifecycle, 'stage');
  return stage === null ? null : Object.freeze({ stage });
}

function frequencyCapOf(process: BpmnElement): Definition['frequencyCap'] {
  const cap = extensionOf(process, 'xflow:FrequencyCap');
  if (!cap) return null;
  const duration = expected(parseDuration(textOf(cap, 'window') ?? ''), 'the window of the frequency cap');
  return Object.freeze({ max: Number(cap.get?.('max')), window: addDuration(0, duration) ?? 0 });
}

function expected<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined)
    throw new Error(`Expected ${what}, which the rules should have asked for.`);
  return value;
}
