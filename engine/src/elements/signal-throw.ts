import type { FlowNode, SignalThrowNode } from '../flow-node.js';
import type { Variables } from '../json.js';
import { inputsOf } from '../step/data-mapping.js';
import { leave } from '../step/leave.js';
import type { Step } from '../step/step.js';
import type { ElementBehavior } from './element-behavior.js';

/** Signal throw and end events: reach everyone who waits for the signal now, in all instances (BPMN 2.0.2, 10.5.1). */
export const signalThrow: ElementBehavior<SignalThrowNode> = {
  enter(step, token, node) {
    broadcast(step, node, node.signalName, inputsOf(node, token) ?? {});
    leave(step, token, node);
  },
};

/** Only data inputs go with a signal, and no other variables: they belong to one user. */
export function broadcast(
  step: Step,
  { id: elementId }: FlowNode,
  signalName: string,
  variables: Variables = {},
): void {
  step.effects.push({ kind: 'broadcast-signal', elementId, signalName, variables });
  step.events.push({ kind: 'signal-thrown', elementId, signalName });
}
