import type { FlowNode, PlainNode, ReceiveNode, TimerCatchNode } from '../definition.js';
import { mergeNeeds, noNeeds } from '../expressions/needs.js';
import { invariant } from '../invariant.js';
import { closeWaits } from '../step/close-waits.js';
import { recordEntry } from '../step/record-entry.js';
import { mergeAndLeave } from '../step/map-result.js';
import { contextFor, forgetAnswers } from '../step/questions.js';
import { raiseIncident } from '../step/raise-incident.js';
import { correlationKeyOf, firstDue, openSubscription, openTimer } from '../step/open-waits.js';
import type { ElementBehavior } from './element-behavior.js';

type AwaitedNode = TimerCatchNode | ReceiveNode;

/** Waits for the events behind it at once; the first that happens takes the token, the others are closed (BPMN 2.0.2, 13.4.4). */
export const eventBasedGateway: ElementBehavior<PlainNode> = {
  enter(step, token, node) {
    const awaited = node.outgoing.map(({ target }) => asAwaited(target));
    const needs = awaited.map((event) => ({ needs: needsOf(event) }));
    const context = contextFor(step, token, mergeNeeds(needs));
    if (context === null) return;
    const openings: (() => void)[] = [];
    for (const event of awaited) {
      if (event.type === 'timer-catch-event') {
        const due = firstDue(event.timer, context);
        if (!due.ok) {
          raiseIncident(step, token, node, 'expression-failed', due);
          return;
        }
        openings.push(() => openTimer(step, token, event.id, due.dueAt));
      } else {
        const result = correlationKeyOf(step, event.correlationKey, context);
        if (!result.ok) {
          raiseIncident(step, token, node, 'expression-failed', result);
          return;
        }
        openings.push(() => openSubscription(step, token, event.id, event.messageName, result.key));
      }
    }
    forgetAnswers(token);
    for (const open of openings) open();
  },

  resume(step, token, node, wait, input) {
    const flow = node.outgoing.find(({ target }) => target.id === wait.elementId);
    invariant(flow, `Expected a flow from ${node.id} to ${wait.elementId}.`);
    if (input.kind === 'timer-due') step.dropWait(token, wait);
    closeWaits(step, token);
    step.events.push({ kind: 'element-completed', elementId: node.id, tokenId: token.id });
    step.events.push({ kind: 'flow-taken', flowId: flow.id, why: 'event' });
    // The event has happened already: the token enters it only to leave it.
    token.arrivedBy = flow.id;
    recordEntry(step, token, flow.target);
    mergeAndLeave(step, token, flow.target, input.kind === 'message' ? input.variables : undefined);
  },
};

function asAwaited(node: FlowNode): AwaitedNode {
  invariant(
    node.type === 'timer-catch-event' || node.type === 'message-catch-event' || node.type === 'receive-task',
    `Expected a timer or message behind an event-based gateway, not ${node.type} ${node.id}.`,
  );
  return node;
}

function needsOf(event: AwaitedNode) {
  return event.type === 'timer-catch-event' ? event.timer.needs : (event.correlationKey?.needs ?? noNeeds);
}
