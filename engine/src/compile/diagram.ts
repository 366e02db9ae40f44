import type { Problem } from '@xflow/schemas';
import type { DataMapping } from '../data-mapping.js';
import type { Expression, Needs } from '../expression.js';
import type { FlowNode, SupportedElement } from '../flow-node.js';
import type { LoopSpec } from '../loop-spec.js';
import type { TimerSpec } from '../timer-spec.js';
import type { Reading } from '../expressions/reading.js';
import type { BpmnElement } from './bpmn-element.js';
import type { Extended } from './foreign-mappings.js';
import type { Work } from './work.js';

/** Fields of every flow node that follow from its place in the graph, and not from its own content. */
export type PlaceInGraph =
  | 'id'
  | 'name'
  | 'scopeId'
  | 'incoming'
  | 'outgoing'
  | 'lifecycle'
  | 'boundaryEvents'
  | 'attachedTo'
  | 'handlerId'
  | 'scope'
  | 'loop'
  | 'quantity'
  | 'lane'
  | 'data';
type WithoutPlace<Node> = Node extends FlowNode ? Omit<Node, PlaceInGraph> : never;
/** What a flow node is by itself. */
export type NodeContent = WithoutPlace<FlowNode>;

/** A flow node while the diagram is checked. */
export interface NodeDraft {
  readonly element: BpmnElement;
  readonly id: string;
  /** Null: an element, or a combination of elements, that does not run. Then `unsupported` says which. */
  readonly content: NodeContent | null;
  readonly unsupported: string | null;
  readonly loop: LoopSpec | null;
  readonly data: DataMapping | null;
  readonly scope: ScopeDraft;
  readonly incoming: FlowDraft[];
  readonly outgoing: FlowDraft[];
  readonly boundaryEvents: NodeDraft[];
  /** Of a boundary event: what it is attached to. */
  host: NodeDraft | null;
  /** Of a compensation boundary event: the activity that it is associated with. */
  handler: NodeDraft | null;
  /** Of a subprocess. */
  inner: ScopeDraft | null;
}

export interface FlowDraft {
  readonly element: BpmnElement;
  readonly id: string;
  /** Null: missing, or not a node of the same scope. */
  readonly source: NodeDraft | null;
  readonly target: NodeDraft | null;
  readonly condition: Expression | null;
  readonly isDefault: boolean;
}

export interface ScopeDraft {
  /** The process or subprocess. */
  readonly element: BpmnElement;
  readonly id: string;
  readonly nodes: NodeDraft[];
  readonly flows: FlowDraft[];
  /** From link throw events to their catch events. */
  readonly links: FlowDraft[];
}

export interface ProcessDraft {
  readonly element: BpmnElement;
  readonly id: string;
  /** The process itself, and all embedded subprocesses. */
  readonly scopes: readonly ScopeDraft[];
  readonly nodes: readonly NodeDraft[];
  readonly flows: readonly FlowDraft[];
  /** Those of the diagram that were found in this process. */
  readonly occurrences: readonly Occurrence[];
  readonly works: readonly Work[];
}

/** A piece of text in the diagram that was compiled. */
export interface Occurrence {
  readonly kind: 'expression' | 'timer' | 'script';
  readonly element: BpmnElement;
  /** Where in the element, as in "the condition" or "the input amount". */
  readonly place: string;
  readonly reading: Reading<{ readonly needs: Needs } | TimerSpec>;
}

/** A diagram as it was read, with all that the rules look at. */
export interface Diagram {
  readonly definitions: BpmnElement;
  readonly processes: readonly ProcessDraft[];
  /** Whether the processes were marked as executable in the file. */
  readonly marked: boolean;
  readonly occurrences: readonly Occurrence[];
  readonly extended: readonly Extended[];
  readonly works: readonly Work[];
  readonly mappings: readonly Mapping[];
  readonly conversions: readonly Conversion[];
  /** Elements whose references the parser could not resolve, and told so. */
  readonly dangling: ReadonlySet<string>;
  /** Types of the registered task handlers. */
  readonly taskTypes: ReadonlySet<string>;
}

/** An expression of another engine, and what it is in FEEL. */
export interface Conversion {
  readonly element: BpmnElement;
  readonly from: string;
  readonly to: string;
}

/** Named entries of an element: inputs, outputs, attributes to set. */
export interface Mapping {
  readonly element: BpmnElement;
  /** As in "the inputs". */
  readonly place: string;
  readonly names: readonly string[];
}

/** One mistake that a rule found. */
export interface Finding {
  readonly elementId: string | null;
  /** Whole sentence: what is wrong, and where. */
  readonly message: string;
  /** Whole sentence: what to do. */
  readonly remedy: string;
}

/** Checks one thing. The name is the file's, and the page's in docs/rules. */
export interface Rule {
  readonly name: string;
  readonly level: Problem['level'];
  readonly check: (diagram: Diagram) => Iterable<Finding>;
}

export function isType<Type extends SupportedElement>(node: NodeDraft, ...types: Type[]): boolean {
  return node.content !== null && types.some((type) => node.content?.type === type);
}

/** Whether the node begins instances by the event that it, or what is behind it, waits for. */
export function instantiates({ content }: NodeDraft): boolean {
  return (content?.type === 'receive-task' || content?.type === 'event-based-gateway') && content.instantiates;
}
