import type { DataAssignment, DataMapping } from './data-mapping.js';
import type { Lifecycle, ScopeNode, SequenceFlow } from './definition.js';
import type { Expression, Template } from './expression.js';
import type { Variables } from './json.js';
import type { LoopSpec } from './loop-spec.js';
import type { TaskSpec } from './task-spec.js';
import type { Ending, Thrown } from './thrown.js';
import type { TimerSpec } from './timer-spec.js';
import type { MultipleTrigger, StartTrigger, Trigger } from './trigger.js';

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
