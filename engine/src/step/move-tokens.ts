import { armBoundaryEvents } from '../elements/boundary-event.js';
import { resetComplexGateway } from '../elements/complex-gateway.js';
import { fireInclusiveJoins } from '../elements/inclusive-gateway.js';
import { listen } from '../elements/event-subprocess.js';
import { behaviorOf } from '../elements/index.js';
import { waitAtJoin } from '../elements/join.js';
import type { FlowNode } from '../flow-node.js';
import { invariant } from '../invariant.js';
import { entriesPerQuestion, maxEntriesPerStep } from './bounds.js';
import { compensateNext, mayBeRemembered } from './compensate.js';
import { fireCondition } from './conditions.js';
import { takeInputs } from './data-mapping.js';
import { recordEntry } from './record-entry.js';
import { leave } from './leave.js';
import { armAdded } from './migrate.js';
import { raiseIncident } from './raise-incident.js';
import { enterLoop, isRun } from './run-loop.js';
import type { Step, Work, WorkingToken } from './step.js';

/** Moves tokens until all of them rest: a work-list, so that no diagram is too long for the stack. */
export function moveTokens(step: Step): void {
  for (;;) {
    if (fireCondition(step)) continue;
    const work = step.line.next();
    if (work === undefined) {
      if (!fireInclusiveJoins(step) && !resetComplexGateway(step)) return;
    } else if (step.burst >= maxEntriesPerStep) {
      stopAtBound(step, [work, ...step.line.drain()]);
      return;
    } else move(step, work);
  }
}

function move(step: Step, { token, node }: Work): void {
  const behavior = behaviorOf(node);
  if (token.toArm !== undefined) {
    armAdded(step, token, node);
    return;
  }
  switch (token.phase) {
    case 'arriving':
      if (node.quantity !== null && !gather(step, token, node, node.quantity.start)) return;
      if (behavior.arrive !== undefined && !behavior.arrive(step, token, node)) return;
      recordEntry(step, token, node);
      break;
    case 'completing':
      invariant(behavior.complete, `Expected that ${node.type} ${node.id} maps a result.`);
      behavior.complete(step, token, node);
      return;
    case 'leaving':
      leave(step, token, node);
      return;
    case 'compensating':
      compensateNext(step, token, node);
      return;
    case 'listening':
      invariant(node.type === 'event-subprocess', `Expected an event subprocess, not ${node.type} ${node.id}.`);
      listen(step, token, node);
      return;
    case 'entered':
      break;
  }
  if (node.boundaryEvents.length > 0 && !mayBeRemembered(step, token, node)) return;
  if (node.boundaryEvents.length > 0 && !token.armed) {
    if (!armBoundaryEvents(step, token, node)) return;
    if (step.metConditions.length > 0) {
      // A boundary event whose condition is true already comes before the work.
      step.enqueue(token, node);
      return;
    }
  }
  if (node.loop !== null && !isRun(step, token, node)) enterLoop(step, token, node, node.loop);
  else if (node.data === null || token.locals !== undefined || takeInputs(step, token, node, node.data))
    behavior.enter(step, token, node);
}

/** An activity may need more than one token to begin: the last that comes goes in for all of them (BPMN 2.0.2, 13.3.2). */
function gather(step: Step, token: WorkingToken, node: FlowNode, quantity: number): boolean {
  if (quantity <= 1 || isRun(step, token, node)) return true;
  step.events.push({ kind: 'token-merged', elementId: node.id, tokenId: token.id });
  const waiting = step.tokensAtJoin(token.scopeId, node.id, quantity - 1);
  if (waiting.length + 1 < quantity) {
    waitAtJoin(step, token);
    return false;
  }
  step.removeTokens(new Set(waiting.slice(0, quantity - 1)));
  return true;
}

/** A loop that waits for nothing, most likely: everything that still moves stops, under one incident, and a retry lets it go on. */
function stopAtBound(step: Step, moving: readonly Work[]): void {
  const [first, ...others] = moving;
  invariant(first, 'Expected a token that moves.');
  raiseIncident(step, first.token, first.node, 'bound-reached', {
    reason: `tokens have entered ${maxEntriesPerStep} elements (a question counts as ${entriesPerQuestion}) without coming to rest.`,
    remedy:
      'Look for a loop without a wait, and give it a timer or a way out. Retry to go on for as many again, or cancel the instance.',
  });
  const wait = first.token.waits.at(-1);
  invariant(wait, 'Expected the wait of the incident just raised.');
  for (const { token } of others) step.addWait(token, wait);
}
