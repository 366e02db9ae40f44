import type { EventBasedGatewayNode } from '../flow-node.js';
import { mergeNeeds } from '../expressions/needs.js';
import { invariant } from '../invariant.js';
import { hasHappened, needsOf, type Opening, prepareTrigger, triggerOf } from '../step/await-trigger.js';
import { closeWaits } from '../step/close-waits.js';
import { recordEntry } from '../step/record-entry.js';
import { mergeAndLeave } from '../step/map-result.js';
import { contextFor, forgetAnswers } from '../step/questions.js';
import { raiseIncident } from '../step/raise-incident.js';
import { type ElementBehavior, variablesOf } from './element-behavior.js';

/** Waits for the events behind it at once; the first that happens takes the token, the others are closed (BPMN 2.0.2, 13.4.4). */
export const eventBasedGateway: ElementBehavior<EventBasedGatewayNode> = {
  enter(step, token, node) {
    const awaited = node.outgoing.map(({ target }) => {
      const trigger = triggerOf(target);
      invariant(trigger, `Expected an event behind event-based gateway ${node.id}, not ${target.type} ${target.id}.`);
      return { id: target.id, trigger, needs: needsOf(trigger) };
    });
    const context = contextFor(step, token, mergeNeeds(awaited));
    if (context === null) return;
    const openings: Opening[] = [];
    for (const { id, trigger } of awaited) {
      const opening = prepareTrigger(step, token, id, trigger, context, true);
      if (typeof opening !== 'function') {
        raiseIncident(step, token, node, 'expression-failed', opening);
        return;
      }
      openings.push(opening);
    }
    forgetAnswers(token);
    for (const open of openings) open();
  },

  resume(step, token, node, wait, input) {
    const flow = node.outgoing.find(({ target }) => target.id === wait.elementId);
    const trigger = flow && triggerOf(flow.target);
    invariant(flow && trigger, `Expected a flow from ${node.id} to ${wait.elementId}.`);
    if (!hasHappened(step, token, wait, trigger)) return;
    closeWaits(step, token);
    step.events.push({ kind: 'element-completed', elementId: node.id, tokenId: token.id });
    step.events.push({ kind: 'flow-taken', flowId: flow.id, why: 'event' });
    // The event has happened already: the token enters it only to leave it.
    recordEntry(step, token, flow.target);
    mergeAndLeave(step, token, flow.target, variablesOf(input));
  },
};
