import type { FlowNode, SignalThrowNode } from '../definition.js';
import { leave } from '../step/leave.js';
import type { Step } from '../step/step.js';
import type { ElementBehavior } from './element-behavior.js';

/** Signal throw and end events: reach everyone who waits for the signal now, in all instances (BPMN 2.0.2, 10.5.1). */
export const signalThrow: ElementBehavior<SignalThrowNode> = {
  enter(step, token, node) {
    broadcast(step, node, node.signalName);
    leave(step, token, node);
  },
};

/** No variables go with a signal: they belong to one user. */
export function broadcast(step: Step, { id: elementId }: FlowNode, signalName: string): void {
  step.effects.push({ kind: 'broadcast-signal', elementId, signalName, variables: {} });
  step.events.push({ kind: 'signal-thrown', elementId, signalName });
}
