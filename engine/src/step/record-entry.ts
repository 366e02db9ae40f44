import type { FlowNode } from '../flow-node.js';
import { describeNode, describeWorkflow } from './describe.js';
import { isRun } from './run-loop.js';
import type { Step, WorkingToken } from './step.js';

/** The token is let into the element: counted, recorded, and the user moved to the element's lifecycle stage. */
export function recordEntry(step: Step, token: WorkingToken, node: FlowNode): void {
  step.entries += 1;
  step.burst += 1;
  token.elementId = node.id;
  token.visit = step.entries;
  token.phase = 'entered';
  token.arrivedBy = null;
  step.events.push({ kind: 'element-entered', elementId: node.id, tokenId: token.id });
  // Once for all runs of the element.
  if (node.lifecycle !== null && !isRun(step, token, node)) {
    const reason = `The user reached ${describeNode(node)} of workflow ${describeWorkflow(step.definition)}.`;
    step.changeUser(node.id, { kind: 'stage', stage: node.lifecycle.stage }, reason);
  }
}
