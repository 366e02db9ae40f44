import type { Expression } from './expression.js';
import type { EventSubprocessNode, FlowNode, TriggeredStartNode } from './flow-node.js';
import type { TimerSpec } from './timer-spec.js';

/** A process, compiled once from BPMN XML into a frozen graph whose nodes point at each other. `advance` never sees XML. */
export interface Definition {
  /** Id of the process: the workflow's key. */
  readonly key: string;
  readonly name: string | null;
  readonly lifecycle: Lifecycle | null;
  readonly frequencyCap: { readonly max: number; /** Milliseconds. */ readonly window: number } | null;
  /** Variables of the root scope by which instances are found. */
  readonly searchable: readonly string[];
  /** The process itself: the outermost scope. */
  readonly root: ScopeNode;
  /** Every flow node, those of embedded subprocesses included. A Map, because ids such as `__proto__` are only strings. */
  readonly nodes: ReadonlyMap<string, FlowNode>;
  readonly flows: ReadonlyMap<string, SequenceFlow>;
  readonly startEvents: readonly StartEvent[];
  /** What the process names but does not contain; the runner refuses what it does not know. */
  readonly references: References;
}

export interface Reference {
  readonly name: string;
  readonly elementId: string;
}

export interface References {
  readonly segments: readonly Reference[];
  readonly ladders: readonly Reference[];
  readonly templates: readonly Reference[];
  readonly taskTypes: readonly Reference[];
  readonly calledWorkflows: readonly Reference[];
  readonly decisions: readonly Reference[];
}

/**
 * How an instance of the process can begin. A start event with several event definitions has an entry for each, with the same id. `part`,
 * which the start must name, is the position of the event definition of a parallel multiple start event.
 */
export type StartEvent =
  | { readonly kind: 'none'; readonly id: string }
  | { readonly kind: 'message'; readonly id: string; readonly messageName: string; readonly part?: number }
  | { readonly kind: 'timer'; readonly id: string; readonly timer: TimerSpec }
  | { readonly kind: 'signal'; readonly id: string; readonly signalName: string; readonly part?: number }
  /** When the condition becomes true of a user: it reads `user` and `segment()`. */
  | { readonly kind: 'conditional'; readonly id: string; readonly condition: Expression; readonly part?: number };

export interface Lifecycle {
  readonly stage: string;
}

/** A container of flow nodes: the process, or an embedded subprocess (then `id` is the subprocess's). */
export interface ScopeNode {
  readonly id: string;
  /** The none start events, in the order of the diagram: each begins an instance of a process; a subprocess has one at most (BPMN 2.0.2, 10.5.2). */
  readonly noneStarts: readonly FlowNode[];
  /** Nodes without incoming flow that are not events: they start with the scope (BPMN 2.0.2, 13.2). */
  readonly implicitStarts: readonly FlowNode[];
  readonly nodes: readonly FlowNode[];
  /** Event subprocesses of the scope: they wait for as long as it runs. */
  readonly eventSubprocesses: readonly EventSubprocessNode[];
  /** Of an event subprocess: the event that it begins with. */
  readonly triggeredStart: TriggeredStartNode | null;
  /** Variables that each running one has for itself, null at its beginning: its properties and data objects. Of the process: none, since it keeps all that nothing else declares. */
  readonly declared: readonly string[];
}

export interface SequenceFlow {
  readonly id: string;
  readonly name: string | null;
  readonly source: FlowNode;
  readonly target: FlowNode;
  readonly condition: Expression | null;
  readonly isDefault: boolean;
  /** Of a flow that leaves a split. */
  readonly weight: { readonly value: number; readonly holdout: boolean } | null;
}
