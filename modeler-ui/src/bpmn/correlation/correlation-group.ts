import { childrenOf, isElement, type ModdleElement } from '../moddle.js';
import { extensionField } from '../properties/fields.js';
import type { PropertyGroup } from '../properties/property-group.js';

/** Which message is meant, awaited or published, where not the one with the user's id. */
export const correlationGroup: PropertyGroup = {
  name: 'correlation',
  open: false,
  applies: ({ businessObject }) =>
    businessObject.$type === 'bpmn:ReceiveTask' || publishesAsTask(businessObject) || isMessageEvent(businessObject),
  fields: () => [extensionField('xflow:Correlation', 'key')],
};

/** A send task reaches the user, or publishes a message to other instances. */
function publishesAsTask(task: ModdleElement): boolean {
  return task.$type === 'bpmn:SendTask' && isElement(task['messageRef']);
}

/** A start event correlates only inside of an event subprocess: a process has no instance yet that could be meant. */
function isMessageEvent(event: ModdleElement): boolean {
  if (event.$type === 'bpmn:StartEvent' && event.$parent?.['triggeredByEvent'] !== true) return false;
  return childrenOf(event, 'eventDefinitions').some(({ $type }) => $type === 'bpmn:MessageEventDefinition');
}
