import type { FlowNode, MessagePublishNode } from '../flow-node.js';
import { noNeeds } from '../expressions/needs.js';
import { inputsOf } from '../step/data-mapping.js';
import { leave } from '../step/leave.js';
import { correlationKeyOf } from '../step/open-waits.js';
import { contextFor } from '../step/questions.js';
import { raiseIncident } from '../step/raise-incident.js';
import type { Variables } from '../json.js';
import type { Step } from '../step/step.js';
import type { ElementBehavior } from './element-behavior.js';

/** Sends a message, with the variables or its data inputs, to who waits for its name and correlation key (BPMN 2.0.2, 13.3.3 and 13.5.2). */
export const messagePublish: ElementBehavior<MessagePublishNode> = {
  enter(step, token, node) {
    const context = contextFor(step, token, node.correlationKey?.needs ?? noNeeds);
    if (context === null) return;
    const result = correlationKeyOf(step, node.correlationKey, context);
    if (!result.ok) {
      raiseIncident(step, token, node, 'expression-failed', result);
      return;
    }
    publish(step, node, node.messageName, result.key, inputsOf(node, token) ?? context.variables);
    leave(step, token, node);
  },
};

export function publish(
  step: Step,
  { id: elementId }: FlowNode,
  messageName: string,
  correlationKey: string,
  variables: Variables,
): void {
  step.effects.push({ kind: 'publish-message', elementId, messageName, correlationKey, variables });
  step.events.push({ kind: 'message-published', elementId, messageName, correlationKey });
}
