import type { MultipleStartNode } from '../flow-node.js';
import { hasHappened, needsOf, prepareTrigger } from '../step/await-trigger.js';
import { leave } from '../step/leave.js';
import { mergeAndLeave } from '../step/map-result.js';
import { contextFor, forgetAnswers } from '../step/questions.js';
import { raiseIncident } from '../step/raise-incident.js';
import { type ElementBehavior, variablesOf } from './element-behavior.js';

/**
 * A start event with several event definitions (BPMN 2.0.2, 10.5.2). Any of them begins an instance; of a parallel one the first that
 * happens does, and the instance then waits for the others, as behind a parallel event-based gateway (13.4.4). Started by hand it waits
 * for nothing.
 */
export const multipleStartEvent: ElementBehavior<MultipleStartNode> = {
  enter(step, token, node) {
    if (token.startedBy === undefined) {
      leave(step, token, node);
      return;
    }
    const context = contextFor(step, token, needsOf(node.trigger));
    if (context === null) return;
    const opening = prepareTrigger(step, token, node.id, node.trigger, context, true, token.startedBy);
    if (typeof opening !== 'function') {
      raiseIncident(step, token, node, 'expression-failed', opening);
      return;
    }
    forgetAnswers(token);
    delete token.startedBy;
    opening();
  },

  resume(step, token, node, wait, input) {
    const brought = variablesOf(input);
    if (hasHappened(step, token, wait, node.trigger)) mergeAndLeave(step, token, node, brought);
    else if (brought !== undefined) step.setVariables(node.id, token.scopeId, brought);
  },
};
