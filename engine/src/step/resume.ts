import { boundaryEvent } from '../elements/boundary-event.js';
import type { ResumingInput } from '../elements/element-behavior.js';
import { behaviorOf } from '../elements/index.js';
import type { FlowNode } from '../flow-node.js';
import type { Wait } from '../instance-state.js';
import { invariant } from '../invariant.js';
import type { Step, WorkingToken } from './step.js';

/** Tells an element that what its token waited for has happened. The wait is the element's own, or that of one of its boundary events. */
export function resume(step: Step, token: WorkingToken, node: FlowNode, wait: Wait, input: ResumingInput): void {
  const owner = wait.elementId === node.id ? node : step.node(wait.elementId);
  if (owner.type === 'boundary-event') {
    boundaryEvent.resume!(step, token, owner, wait, input);
    return;
  }
  const behavior = behaviorOf(node);
  invariant(behavior.resume, () => `Expected that ${node.type} ${node.id} waits for something.`);
  behavior.resume(step, token, node, wait, input);
}
