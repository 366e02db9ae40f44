import type { EventSubprocessNode, TriggeredStartNode } from '../flow-node.js';
import { invariant } from '../invariant.js';
import { awaitNext, hasHappened, needsOf, prepareTrigger } from '../step/await-trigger.js';
import { startEventSubprocess } from '../step/handle.js';
import { contextFor, forgetAnswers } from '../step/questions.js';
import { raiseIncident } from '../step/raise-incident.js';
import { beginScope } from '../step/begin-inside.js';
import { openSubprocess } from '../step/start-scope.js';
import type { Step, WorkingToken } from '../step/step.js';
import { type ElementBehavior, variablesOf } from './element-behavior.js';

/**
 * Waits while the scope around it runs, and is started by its event (BPMN 2.0.2, 13.5.4): an interrupting one instead of everything
 * else in the scope, another beside it, each time the event happens. A token in phase `listening` waits; each start has a token of its own.
 */
export const eventSubprocess: ElementBehavior<EventSubprocessNode> = {
  enter(step, token, node) {
    beginScope(step, token, openSubprocess(step, token, node), [startOf(node)]);
  },

  /** `token` listens. */
  resume(step, token, node, wait, input) {
    const start = startOf(node);
    const variables = variablesOf(input);
    if (variables !== undefined) step.setVariables(start.id, token.scopeId, variables);
    if (!hasHappened(step, token, wait, start.trigger)) return;
    if (!start.interrupting) {
      awaitNext(step, token, start, start.trigger, wait);
      if (token.waits.length === 0) step.removeToken(token);
    }
    startEventSubprocess(step, token.scopeId, node, start.interrupting);
  },
};

/** Opens what the event subprocess waits for, when its scope begins; again after an incident. */
export function listen(step: Step, token: WorkingToken, node: EventSubprocessNode): void {
  const start = startOf(node);
  if (!token.armed) {
    const context = contextFor(step, token, needsOf(start.trigger));
    if (context === null) return;
    const opening = prepareTrigger(step, token, start.id, start.trigger, context, false);
    if (typeof opening !== 'function') {
      raiseIncident(step, token, start, 'expression-failed', opening);
      return;
    }
    opening();
    forgetAnswers(token);
    token.armed = true;
  }
  // A cycle that is over has nothing to wait for.
  if (token.waits.length === 0) step.removeToken(token);
}

function startOf(node: EventSubprocessNode): TriggeredStartNode {
  invariant(node.scope.triggeredStart, `Expected a start event in event subprocess ${node.id}.`);
  return node.scope.triggeredStart;
}
