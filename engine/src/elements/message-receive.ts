import type { ReceiveNode } from '../flow-node.js';
import { noNeeds } from '../expressions/needs.js';
import { invariant } from '../invariant.js';
import { mergeAndLeave } from '../step/map-result.js';
import { contextFor, forgetAnswers } from '../step/questions.js';
import { raiseIncident } from '../step/raise-incident.js';
import { correlationKeyOf, openSubscription } from '../step/open-waits.js';
import type { ElementBehavior } from './element-behavior.js';

/** Receive tasks and message catch events: wait for a message of this name and correlation key; what it carries is merged into the variables. */
export const messageReceive: ElementBehavior<ReceiveNode> = {
  enter(step, token, node) {
    const context = contextFor(step, token, node.correlationKey?.needs ?? noNeeds);
    if (context === null) return;
    const result = correlationKeyOf(step, node.correlationKey, context);
    if (!result.ok) {
      raiseIncident(step, token, node, 'expression-failed', result);
      return;
    }
    forgetAnswers(token);
    openSubscription(step, token, node.id, node.messageName, result.key);
  },

  // The wait stays on the token, so that leaving closes the subscription.
  resume(step, token, node, _wait, input) {
    invariant(input.kind === 'message', `Expected a message for ${node.id}, not ${input.kind}.`);
    mergeAndLeave(step, token, node, input.variables);
  },
};
