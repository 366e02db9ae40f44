import { armBoundaryEvents } from '../elements/boundary-event.js';
import { resetComplexGateway } from '../elements/complex-gateway.js';
import { fireInclusiveJoin } from '../elements/inclusive-gateway.js';
import { listen } from '../elements/event-subprocess.js';
import { behaviorOf } from '../elements/index.js';
import { invariant } from '../invariant.js';
import { entriesPerQuestion, maxEntriesPerStep } from './bounds.js';
import { fireCondition } from './conditions.js';
import { recordEntry } from './record-entry.js';
import { leave } from './leave.js';
import { raiseIncident } from './raise-incident.js';
import { enterLoop, isRun } from './run-loop.js';
import type { Step, Work } from './step.js';

/** Moves tokens until all of them rest: a work-list, so that no diagram is too long for the stack. */
export function moveTokens(step: Step): void {
  for (;;) {
    if (fireCondition(step)) continue;
    const work = step.nextInLine();
    if (work === undefined) {
      if (!fireInclusiveJoin(step) && !resetComplexGateway(step)) return;
    } else if (step.burst >= maxEntriesPerStep) {
      stopAtBound(step, [work, ...step.drainLine()]);
      return;
    } else move(step, work);
  }
}

function move(step: Step, { token, node }: Work): void {
  const behavior = behaviorOf(node);
  switch (token.phase) {
    case 'arriving':
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
    case 'listening':
      invariant(node.type === 'event-subprocess', `Expected an event subprocess, not ${node.type} ${node.id}.`);
      listen(step, token, node);
      return;
    case 'entered':
      break;
  }
  if (node.boundaryEvents.length > 0 && !token.armed) {
    if (!armBoundaryEvents(step, token, node)) return;
    if (step.metConditions.length > 0) {
      // A boundary event whose condition is true already comes before the work.
      step.enqueue(token, node);
      return;
    }
  }
  if (node.loop !== null && !isRun(step, token, node)) enterLoop(step, token, node, node.loop);
  else behavior.enter(step, token, node);
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
