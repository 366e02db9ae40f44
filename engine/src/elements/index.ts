import type { FlowNode, SupportedElement } from '../flow-node.js';
import { abstractTask } from './abstract-task.js';
import { adHocSubprocess } from './ad-hoc-subprocess.js';
import { boundaryEvent } from './boundary-event.js';
import { callActivity } from './call-activity.js';
import { complexGateway } from './complex-gateway.js';
import { decisionTask } from './decision-task.js';
import { cancelEndEvent } from './cancel-end-event.js';
import { catchEvent } from './catch-event.js';
import { compensationThrow } from './compensation-throw.js';
import type { ElementBehavior } from './element-behavior.js';
import { errorEndEvent } from './error-end-event.js';
import { eventBasedGateway } from './event-based-gateway.js';
import { escalationThrow } from './escalation-throw.js';
import { eventSubprocess } from './event-subprocess.js';
import { exclusiveGateway } from './exclusive-gateway.js';
import { inclusiveGateway } from './inclusive-gateway.js';
import { linkThrowEvent } from './link-throw-event.js';
import { messagePublish } from './message-publish.js';
import { messageReceive } from './message-receive.js';
import { messageSend } from './message-send.js';
import { multipleStartEvent } from './multiple-start-event.js';
import { multipleThrow } from './multiple-throw.js';
import { parallelGateway } from './parallel-gateway.js';
import { passingEvent } from './passing-event.js';
import { scriptTask } from './script-task.js';
import { signalThrow } from './signal-throw.js';
import { subprocess } from './subprocess.js';
import { task } from './task.js';
import { terminateEndEvent } from './terminate-end-event.js';
import { timerCatchEvent } from './timer-catch-event.js';
import { userTask } from './user-task.js';

/** The node that an element of this type compiles to. */
type NodeOf<Type extends SupportedElement, Node extends FlowNode = FlowNode> = Node extends FlowNode
  ? Type extends Node['type']
    ? Node
    : never
  : never;

/** Every element that runs, and how. */
export const elements = {
  'none-start-event': passingEvent,
  'message-start-event': passingEvent,
  'timer-start-event': passingEvent,
  'signal-start-event': passingEvent,
  'conditional-start-event': passingEvent,
  'multiple-start-event': multipleStartEvent,
  'event-subprocess-start-event': passingEvent,
  'none-intermediate-throw-event': passingEvent,
  'link-throw-event': linkThrowEvent,
  'link-catch-event': passingEvent,
  'none-end-event': passingEvent,
  'terminate-end-event': terminateEndEvent,
  'cancel-end-event': cancelEndEvent,
  'compensation-throw-event': compensationThrow,
  'compensation-end-event': compensationThrow,
  'error-end-event': errorEndEvent,
  'multiple-throw-event': multipleThrow,
  'multiple-end-event': multipleThrow,
  'signal-throw-event': signalThrow,
  'signal-end-event': signalThrow,
  'escalation-throw-event': escalationThrow,
  'escalation-end-event': escalationThrow,
  'message-publish': messagePublish,
  'message-throw-event': messageSend,
  'message-end-event': messageSend,
  'send-task': messageSend,
  'service-task': task,
  'business-rule-task': task,
  'decision-task': decisionTask,
  'user-task': userTask,
  'script-task': scriptTask,
  'receive-task': messageReceive,
  'message-catch-event': messageReceive,
  'timer-catch-event': timerCatchEvent,
  'signal-catch-event': catchEvent,
  'conditional-catch-event': catchEvent,
  'multiple-catch-event': catchEvent,
  'abstract-task': abstractTask,
  'exclusive-gateway': exclusiveGateway,
  'parallel-gateway': parallelGateway,
  'inclusive-gateway': inclusiveGateway,
  'complex-gateway': complexGateway,
  'event-based-gateway': eventBasedGateway,
  subprocess,
  transaction: subprocess,
  'event-subprocess': eventSubprocess,
  'ad-hoc-subprocess': adHocSubprocess,
  'call-activity': callActivity,
  'boundary-event': boundaryEvent,
} satisfies { readonly [Type in SupportedElement]: ElementBehavior<NodeOf<Type>> };

/** The behaviour of a node. The registry pairs every type of node with a behaviour for it, which the compiler has checked. */
export const behaviorOf = (node: FlowNode): ElementBehavior => elements[node.type] as ElementBehavior;
