import type { Rule } from '../compile/diagram.js';
import { adHocSubprocess } from './ad-hoc-subprocess.js';
import { assignment } from './assignment.js';
import { boundaryEvent } from './boundary-event.js';
import { boundaryExit } from './boundary-exit.js';
import { callActivity } from './call-activity.js';
import { choreography } from './choreography.js';
import { compensationHandler } from './compensation-handler.js';
import { compensationReference } from './compensation-reference.js';
import { dataAssociation } from './data-association.js';
import { dataNames } from './data-name.js';
import { decision } from './decision.js';
import { defaultFlow } from './default-flow.js';
import { diagramInterchange } from './diagram-interchange.js';
import { duplicateCatch } from './duplicate-catch.js';
import { endEvent } from './end-event.js';
import { errorCode } from './error-code.js';
import { eventBasedGateway } from './event-based-gateway.js';
import { eventReference } from './event-reference.js';
import { eventSubprocess } from './event-subprocess.js';
import { executableProcess } from './executable-process.js';
import { expression } from './expression.js';
import { extensionPlace } from './extension-place.js';
import { externalTaskType } from './external-task-type.js';
import { frequencyCap } from './frequency-cap.js';
import { gatewayDirection } from './gateway-direction.js';
import { gatewayMix } from './gateway-mix.js';
import { instantiation } from './instantiation.js';
import { interruption } from './interruption.js';
import { lane } from './lane.js';
import { lifecycle } from './lifecycle.js';
import { link } from './link.js';
import { loop } from './loop.js';
import { mapping } from './mapping.js';
import { messageFlow } from './message-flow.js';
import { messageFlowName } from './message-flow-name.js';
import { messageName } from './message-name.js';
import { missingId } from './missing-id.js';
import { missingWork } from './missing-work.js';
import { notExecutable } from './not-executable.js';
import { notExecuted } from './not-executed.js';
import { quantity } from './quantity.js';
import { referenceKind } from './reference-kind.js';
import { retry } from './retry.js';
import { script } from './script.js';
import { searchable } from './searchable.js';
import { sequenceFlow } from './sequence-flow.js';
import { sequenceFlowCondition } from './sequence-flow-condition.js';
import { split } from './split.js';
import { startEvent } from './start-event.js';
import { taskConfig } from './task-config.js';
import { taskType } from './task-type.js';
import { timer } from './timer.js';
import { unknownExtension } from './unknown-extension.js';
import { unreachableNode } from './unreachable-node.js';
import { unsupportedElement } from './unsupported-element.js';
import { workElement } from './work-element.js';

/** Every rule, in the order in which problems of one level are told. */
export const rules: readonly Rule[] = [
  executableProcess,
  missingId,
  referenceKind,
  unsupportedElement,
  sequenceFlow,
  defaultFlow,
  messageFlow,
  eventSubprocess,
  startEvent,
  adHocSubprocess,
  boundaryEvent,
  compensationHandler,
  link,
  eventBasedGateway,
  instantiation,
  workElement,
  extensionPlace,
  taskType,
  taskConfig,
  retry,
  mapping,
  loop,
  quantity,
  expression,
  timer,
  script,
  messageName,
  errorCode,
  eventReference,
  split,
  callActivity,
  decision,
  lifecycle,
  frequencyCap,
  searchable,
  notExecutable,
  messageFlowName,
  compensationReference,
  duplicateCatch,
  interruption,
  sequenceFlowCondition,
  boundaryExit,
  unreachableNode,
  missingWork,
  externalTaskType,
  assignment,
  dataAssociation,
  dataNames,
  lane,
  notExecuted,
  unknownExtension,
  endEvent,
  gatewayDirection,
  gatewayMix,
  choreography,
  diagramInterchange,
];
