import type { CatchEventNode } from '../flow-node.js';
import { hasHappened, needsOf, prepareTrigger } from '../step/await-trigger.js';
import { setResult } from '../step/data-mapping.js';
import { mergeAndLeave } from '../step/map-result.js';
import { contextFor, forgetAnswers } from '../step/questions.js';
import { raiseIncident } from '../step/raise-incident.js';
import { type ElementBehavior, variablesOf } from './element-behavior.js';

/** Intermediate events that wait for a signal, for a condition, or for any or all of several events (BPMN 2.0.2, 13.5.2). */
export const catchEvent: ElementBehavior<CatchEventNode> = {
  enter(step, token, node) {
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

  // What is still waited for stays on the token, so that leaving closes it.
  resume(step, token, node, wait, input) {
    if (hasHappened(step, token, wait, node.trigger)) mergeAndLeave(step, token, node, variablesOf(input));
    else if (variablesOf(input) !== undefined) setResult(step, token, node, variablesOf(input)!);
  },
};
