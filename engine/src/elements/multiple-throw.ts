import type { FlowNode, MultipleThrowNode } from '../flow-node.js';
import { mergeNeeds, noNeeds } from '../expressions/needs.js';
import { compensateBeside, startCompensating, takeCompensables } from '../step/compensate.js';
import { inputsOf } from '../step/data-mapping.js';
import { leave } from '../step/leave.js';
import { correlationKeyOf } from '../step/open-waits.js';
import { contextFor } from '../step/questions.js';
import { raiseIncident } from '../step/raise-incident.js';
import type { Step, WorkingToken } from '../step/step.js';
import { cancelTransaction } from './cancel-end-event.js';
import type { ElementBehavior } from './element-behavior.js';
import { endWithThrow } from './error-end-event.js';
import { escalate } from './escalation-throw.js';
import { publish } from './message-publish.js';
import { broadcast } from './signal-throw.js';
import { terminate } from './terminate-end-event.js';

/**
 * Events with several event definitions throw all of them (BPMN 2.0.2, 10.5.1): first what reaches others, then what is undone, and last
 * escalations, so that one that interrupts takes nothing away from the rest. An end event may end more than its token then; what it undoes
 * is waited for before.
 */
export const multipleThrow: ElementBehavior<MultipleThrowNode> = {
  enter(step, token, node) {
    const messages = node.throws.filter((one) => one.kind === 'message');
    const context = contextFor(
      step,
      token,
      mergeNeeds(messages.map(({ correlationKey }) => ({ needs: correlationKey?.needs ?? noNeeds }))),
    );
    if (context === null) return;
    const publications: (() => void)[] = [];
    for (const { messageName, correlationKey } of messages) {
      const result = correlationKeyOf(step, correlationKey, context);
      if (!result.ok) {
        raiseIncident(step, token, node, 'expression-failed', result);
        return;
      }
      publications.push(() => publish(step, node, messageName, result.key, inputsOf(node, token) ?? context.variables));
    }
    for (const publication of publications) publication();
    for (const one of node.throws)
      if (one.kind === 'signal') broadcast(step, node, one.signalName, inputsOf(node, token) ?? {});
    const awaited = node.throws.flatMap((one) => {
      if (one.kind !== 'compensation') return [];
      const todo = takeCompensables(step, token.scopeId, one.activityId);
      if (one.waits || node.ending !== null) return todo;
      compensateBeside(step, token.scopeId, node, todo);
      return [];
    });
    for (const one of node.throws)
      if (one.kind === 'escalation' && !escalate(step, token, node, one.escalationCode)) return;
    if (node.ending?.kind === 'cancel') cancelTransaction(step, token, node, awaited);
    else if (awaited.length > 0) startCompensating(step, token, node, awaited);
    else endOrLeave(step, token, node);
  },
};

/** Everything is thrown, and undone. */
export function endOrLeave(step: Step, token: WorkingToken, node: FlowNode): void {
  const ending = node.type === 'multiple-end-event' ? node.ending : null;
  if (ending?.kind === 'error') endWithThrow(step, token, node, ending);
  else if (ending?.kind === 'terminate') terminate(step, token, node);
  else leave(step, token, node);
}
