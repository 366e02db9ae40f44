import type { Json, Variables } from './json.js';

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

interface NodeBase {
  readonly id: string;
  readonly name: string | null;
  /** Id of the scope that contains the node: the process's or the subprocess's. */
  readonly scopeId: string;
  readonly incoming: readonly SequenceFlow[];
  readonly outgoing: readonly SequenceFlow[];
  readonly lifecycle: Lifecycle | null;
  /** Boundary events attached to this node; empty where there are none. */
  readonly boundaryEvents: readonly BoundaryEventNode[];
  /** How often an activity runs for one token; null: once. */
  readonly loop: LoopSpec | null;
  /** How many tokens begin an activity, and how many leave it by each flow; null: one. */
  readonly quantity: { readonly start: number; readonly completion: number } | null;
  /** Name of the innermost lane that the element is in, or its id where it has no name; null: none. */
  readonly lane: string | null;
  /** What comes into the element from the variables around it, and goes back; null: it sees and sets them as they are. */
  readonly data: DataMapping | null;
}

/** Data associations, properties and variable mappings of an element (BPMN 2.0.2, 10.4.2): it has variables of its own while it is busy. */
export interface DataMapping {
  /** Null at the beginning: properties and data outputs. */
  readonly declared: readonly string[];
  /** The element begins when nothing is null in one of these; none at all: at once. */
  readonly required: readonly (readonly DataAssignment[])[];
  /** To the element's own variables, when it begins. */
  readonly inputs: readonly DataAssignment[];
  /** From them to the variables around it, when it is left. */
  readonly outputs: readonly DataAssignment[];
  /** Whether what the element brings stays in it, so that only the outputs go outwards. */
  readonly keepsResult: boolean;
  /** The own variable that has the result as a whole, where the result has no part of this name; null: none. */
  readonly wholeResult: string | null;
}

export interface DataAssignment {
  /** The variable. */
  readonly name: string;
  /** Names of the part in it; empty: the variable as a whole. */
  readonly path: readonly string[];
  readonly value: Expression;
}

/** Loop characteristics of an activity (BPMN 2.0.2, 10.3.8). */
export type LoopSpec = StandardLoop | MultiInstance;

export interface StandardLoop {
  readonly kind: 'standard';
  /** Whether the condition is tested before the first run, too. */
  readonly testBefore: boolean;
  /** Most runs; null: no limit. */
  readonly maximum: number | null;
  /** Runs again while it is true; null: as often as `maximum` says. */
  readonly condition: Expression | null;
}

export interface MultiInstance {
  readonly kind: 'parallel' | 'sequential';
  /** Number of runs, where there is no collection. */
  readonly cardinality: Expression | null;
  /** A list: one run for each item. */
  readonly collection: Expression | null;
  /** Variable of a run that holds its item; null: none. */
  readonly item: string | null;
  readonly output: {
    /** Variable for the list of all outputs, in the order of the items. */
    readonly collection: string;
    /** Evaluated when a run completes. */
    readonly element: Expression;
    /** Variable that the element reads: each run has its own; null: it reads no single one. */
    readonly variable: string | null;
  } | null;
  /** The other runs are cancelled when it is true at the end of one. */
  readonly completion: Expression | null;
  /**
   * Signals and escalations that are thrown when a run completes: each time, the first time, or when the condition is true. A signal without a
   * name is the default one, which only the boundary events of the activity can hear.
   */
  readonly throws: readonly {
    readonly when: 'each' | 'first' | Expression;
    readonly thrown: Extract<Thrown, { kind: 'signal' | 'escalation' }>;
  }[];
}

export type FlowNode =
  | PlainNode
  | MessageStartNode
  | TimerStartNode
  | SignalStartNode
  | ConditionalStartNode
  | MultipleStartNode
  | TriggeredStartNode
  | CatchEventNode
  | SignalThrowNode
  | EscalationThrowNode
  | MessagePublishNode
  | CompensationThrowNode
  | MultipleThrowNode
  | ErrorEndNode
  | TaskNode
  | MessageSendNode
  | UserTaskNode
  | ScriptTaskNode
  | DecisionTaskNode
  | ReceiveNode
  | TimerCatchNode
  | ExclusiveGatewayNode
  | ComplexGatewayNode
  | AdHocSubprocessNode
  | EventBasedGatewayNode
  | SubprocessNode
  | EventSubprocessNode
  | CallActivityNode
  | BoundaryEventNode;

/** The elements that run. The registry in elements/index.ts has one behaviour for each. */
export type SupportedElement = FlowNode['type'];

/** Elements that need nothing beyond their flows. `abstract-task` is bpmn:task and bpmn:manualTask, or a service task without work. */
export interface PlainNode extends NodeBase {
  readonly type:
    | 'none-start-event'
    | 'none-end-event'
    | 'terminate-end-event'
    | 'cancel-end-event'
    | 'none-intermediate-throw-event'
    /** Its one outgoing flow leads to the catch event; no flow of the diagram, so it is not among the definition's. */
    | 'link-throw-event'
    | 'link-catch-event'
    | 'abstract-task'
    | 'parallel-gateway'
    | 'inclusive-gateway';
}

export interface MessageStartNode extends NodeBase {
  readonly type: 'message-start-event';
  readonly messageName: string;
}

export interface TimerStartNode extends NodeBase {
  readonly type: 'timer-start-event';
  readonly timer: TimerSpec;
}

export interface SignalStartNode extends NodeBase {
  readonly type: 'signal-start-event';
  readonly signalName: string;
}

export interface ConditionalStartNode extends NodeBase {
  readonly type: 'conditional-start-event';
  readonly condition: Expression;
}

/** Begins an instance when any of its events happens; a parallel one waits in it for the others. */
export interface MultipleStartNode extends NodeBase {
  readonly type: 'multiple-start-event';
  readonly trigger: Omit<MultipleTrigger, 'triggers'> & { readonly triggers: readonly StartTrigger[] };
}
export type StartTrigger = MessageTrigger | SignalTrigger | TimerTrigger | ConditionalTrigger;

/** The start event of an event subprocess. */
export interface TriggeredStartNode extends NodeBase {
  readonly type: 'event-subprocess-start-event';
  readonly interrupting: boolean;
  readonly trigger: Trigger;
}

/** An intermediate event that waits; those for a message or a time alone have types of their own. */
export interface CatchEventNode extends NodeBase {
  readonly type: 'signal-catch-event' | 'conditional-catch-event' | 'multiple-catch-event';
  readonly trigger: Trigger;
}

export interface SignalThrowNode extends NodeBase {
  readonly type: 'signal-throw-event' | 'signal-end-event';
  readonly signalName: string;
}

export interface EscalationThrowNode extends NodeBase {
  readonly type: 'escalation-throw-event' | 'escalation-end-event';
  readonly escalationCode: string;
}

export interface CompensationThrowNode extends NodeBase {
  readonly type: 'compensation-throw-event' | 'compensation-end-event';
  /** Null: everything that has completed in the scope. */
  readonly activityId: string | null;
  /** Whether its token waits until everything is compensated. */
  readonly waits: boolean;
}

/** Throws all of its events. */
export interface MultipleThrowNode extends NodeBase {
  readonly type: 'multiple-throw-event' | 'multiple-end-event';
  readonly throws: readonly Thrown[];
  /** Of an end event: what ends more than its token, when everything is thrown; null: nothing. */
  readonly ending: Ending | null;
}
export type Ending =
  | { readonly kind: 'error'; readonly errorCode: string; readonly errorMessage: string | null }
  | { readonly kind: 'terminate' }
  /** Of a transaction. */
  | { readonly kind: 'cancel' };
export type Thrown =
  | { readonly kind: 'message'; readonly messageName: string; readonly correlationKey: Expression | null }
  | { readonly kind: 'signal'; readonly signalName: string }
  | { readonly kind: 'escalation'; readonly escalationCode: string }
  | { readonly kind: 'compensation'; readonly activityId: string | null; readonly waits: boolean };

/** A message to other instances: a send task, message throw or message end event that names a message and no work. */
export interface MessagePublishNode extends NodeBase {
  readonly type: 'message-publish';
  readonly messageName: string;
  /** Null: the subject's id. */
  readonly correlationKey: Expression | null;
}

export interface ErrorEndNode extends NodeBase {
  readonly type: 'error-end-event';
  readonly errorCode: string;
  readonly errorMessage: string | null;
}

/** Work of a task type: service, business rule and send tasks, and the xflow elements segmentCheck, tierUpgrade, updateProfile, tag, task. */
export interface TaskNode extends NodeBase {
  readonly type: 'service-task' | 'business-rule-task';
  readonly task: TaskSpec;
}

/** A message to the user: send task, message throw event or message end event. */
export interface MessageSendNode extends NodeBase {
  readonly type: 'send-task' | 'message-throw-event' | 'message-end-event';
  readonly channel: string;
  readonly task: TaskSpec;
}

export interface TaskSpec {
  /** Type of the handler. */
  readonly taskType: string;
  /** `answer`: asked within the step. `job`: done after the commit. */
  readonly kind: 'answer' | 'job';
  /** Configuration by name. Literals are converted at compile time to what the schema of the type asks for. */
  readonly config: Template;
  readonly input: Template;
  readonly outputs: readonly DataAssignment[];
  /** Variable for the whole result where there are no outputs; null: the result is dropped. */
  readonly resultVariable: string | null;
  /** How often a job is attempted in all, and the milliseconds after each failed attempt, the last also after all further ones; null, or an empty list: as usual for its type. */
  readonly retry: { readonly attempts: number | null; readonly backoff: readonly number[] } | null;
  /** Where there are neither outputs nor a resultVariable: an object as result is merged into the variables (jobs of other engines' diagrams). */
  readonly mergesResult: boolean;
  /** Checks an evaluated configuration; the problems found as whole sentences, none when it is valid. */
  readonly validateConfig: (config: Variables) => readonly string[];
}

/** A JSON value whose leaves may be expressions. Constant when `needs` is empty and nothing is an expression. */
export interface Template {
  readonly needs: Needs;
  readonly evaluate: (context: EvaluationContext) => EvaluationResult;
}

export interface UserTaskNode extends NodeBase {
  readonly type: 'user-task';
  readonly form: { readonly key: string | null; readonly fields: readonly Variables[] } | null;
  /** Who may do it; nobody: anyone. */
  readonly candidateUsers: readonly Candidate[];
  readonly candidateGroups: readonly Candidate[];
}

/** A name, or what gives one, or a list of them. */
export type Candidate = string | Expression;

export interface ScriptTaskNode extends NodeBase {
  readonly type: 'script-task';
  readonly resultVariable: string | null;
  /** Runs the script in its sandbox over the variables; a result of an object without resultVariable is merged. */
  readonly script: Template;
}

/** A business rule task that evaluates a decision of DMN. */
export interface DecisionTaskNode extends NodeBase {
  readonly type: 'decision-task';
  /** Gives the id of the decision. */
  readonly decision: Expression;
  /** Variables for the decision beside those of the scope. */
  readonly input: Template;
  /** Over `result`, after the result variable. */
  readonly outputs: TaskSpec['outputs'];
  /** Null: what was decided is dropped. */
  readonly resultVariable: string | null;
}

export interface ReceiveNode extends NodeBase {
  readonly type: 'receive-task' | 'message-catch-event';
  readonly messageName: string;
  /** Null: the subject's id. */
  readonly correlationKey: Expression | null;
  /** Whether the message begins an instance, too. */
  readonly instantiates: boolean;
}

export interface TimerCatchNode extends NodeBase {
  readonly type: 'timer-catch-event';
  readonly timer: TimerSpec;
}

export interface ExclusiveGatewayNode extends NodeBase {
  readonly type: 'exclusive-gateway';
  /** Set on an xflow:split: arms are drawn by weight, stable for experiment and subject. */
  readonly split: { readonly experiment: string } | null;
}

export interface EventBasedGatewayNode extends NodeBase {
  readonly type: 'event-based-gateway';
  /** Whether each event behind it begins an instance; the process has no token on it otherwise. */
  readonly instantiates: boolean;
  /** Whether all events behind it must happen; only where it begins instances. */
  readonly parallel: boolean;
}

export interface ComplexGatewayNode extends NodeBase {
  readonly type: 'complex-gateway';
  /** Null: a token on every incoming flow. */
  readonly activation: Expression | null;
}

export interface SubprocessNode extends NodeBase {
  readonly type: 'subprocess' | 'transaction';
  readonly scope: ScopeNode;
}

/** A subprocess that an event starts, while the scope around it runs. */
export interface EventSubprocessNode extends NodeBase {
  readonly type: 'event-subprocess';
  readonly scope: ScopeNode;
}

export interface AdHocSubprocessNode extends NodeBase {
  readonly type: 'ad-hoc-subprocess';
  /** Its implicit starts are the activities that can be asked for. */
  readonly scope: ScopeNode;
  /** Whether one activity runs at a time. */
  readonly sequential: boolean;
  /** Looked at when an activity has ended; null: complete when nothing runs any more. */
  readonly completion: Expression | null;
  /** Whether what still runs is cancelled when the condition is true. */
  readonly cancelRemaining: boolean;
  /** Ids of the activities that begin at once; null: none. */
  readonly initial: Expression | null;
}

export interface CallActivityNode extends NodeBase {
  readonly type: 'call-activity';
  readonly calledWorkflow: string;
  /** Whether all variables go in, beside the inputs. */
  readonly passesAll: boolean;
  readonly inputs: readonly DataAssignment[];
  /** Whether all variables of the called instance come back, beside the outputs. */
  readonly returnsAll: boolean;
  readonly outputs: readonly DataAssignment[];
}

export interface BoundaryEventNode extends NodeBase {
  readonly type: 'boundary-event';
  readonly attachedTo: string;
  readonly interrupting: boolean;
  readonly trigger: Trigger;
  /** Of a compensation event: the activity that it is associated with, which undoes the one that it is attached to. */
  readonly handlerId?: string;
}

/** What an event waits for: its event definitions (BPMN 2.0.2, 10.5.5). */
export type Trigger = SingleTrigger | MultipleTrigger;
export type SingleTrigger =
  | TimerTrigger
  | MessageTrigger
  | SignalTrigger
  | ConditionalTrigger
  /** Thrown to it. A null code catches all. */
  | { readonly kind: 'error'; readonly errorCode: string | null }
  | { readonly kind: 'escalation'; readonly escalationCode: string | null }
  /** Of a boundary event with a handler, or an event subprocess. */
  | { readonly kind: 'compensation' }
  /** Of a transaction's boundary event. */
  | { readonly kind: 'cancel' };

export interface TimerTrigger {
  readonly kind: 'timer';
  readonly timer: TimerSpec;
}
export interface MessageTrigger {
  readonly kind: 'message';
  readonly messageName: string;
  /** Null: the subject's id. */
  readonly correlationKey: Expression | null;
}
export interface SignalTrigger {
  readonly kind: 'signal';
  readonly signalName: string;
}
/** Happens when the condition becomes true, and at once where it is. */
export interface ConditionalTrigger {
  readonly kind: 'conditional';
  readonly condition: Expression;
}
export interface MultipleTrigger {
  readonly kind: 'multiple';
  readonly triggers: readonly SingleTrigger[];
  /** Whether all of them must happen, instead of any. */
  readonly all: boolean;
}

/** When a timer is due. Pure: everything it needs is in its arguments. */
export interface TimerSpec {
  readonly needs: Needs;
  /** Whether it fires more than once (timeCycle). */
  readonly repeats: boolean;
  /**
   * The time of firing number `count` (1 is the first) as milliseconds since 1970, or null when there is no further one.
   * `previous` is the time the firing before was due (for the first: the time of entry), so that cycles do not drift.
   * A null context is allowed for start events, whose timers are constant. `noticed` is when the firing before was noticed: what was due
   * since and until then has been missed, and unless the diagram says that every one is to be made up for, the next firing is later.
   */
  readonly next: (previous: number, count: number, context: EvaluationContext | null, noticed?: number) => TimerResult;
}
/** `count`: the number of the firing, which is more than was asked for where some are left out. */
export type TimerResult =
  { readonly ok: true; readonly dueAt: number | null; readonly count: number } | EvaluationFailure;

/** A compiled FEEL expression (or a constant). */
export interface Expression {
  readonly source: string;
  readonly needs: Needs;
  /** Names of the variables that it reads. */
  readonly reads: readonly string[];
  readonly evaluate: (context: EvaluationContext) => EvaluationResult;
}

/** What must be asked before an expression can be evaluated. */
export interface Needs {
  /** Reads `user`. */
  readonly profile: boolean;
  /** Names in `segment("...")`. */
  readonly segments: readonly string[];
}

export interface EvaluationContext {
  /** The only time: milliseconds since 1970. */
  readonly at: number;
  /** Stable seed for scripts and jitter: the instance's. */
  readonly seed: string;
  readonly variables: Variables;
  /** ProfileAnswer, when needs.profile. */
  readonly user?: Json;
  /** SegmentsAnswer, when needs.segments is not empty. */
  readonly segments?: Readonly<Record<string, boolean>>;
  /** Beside the variables: `result` in an output mapping. */
  readonly locals?: Variables;
}
export type EvaluationResult = { readonly ok: true; readonly value: Json } | EvaluationFailure;
export interface EvaluationFailure {
  readonly ok: false;
  /** Whole sentence. */
  readonly reason: string;
  /** Whole sentence. */
  readonly remedy: string;
}
