import type { FlowNode, PlainNode } from '../flow-node.js';
import type { Compensable } from '../instance-state.js';
import { cancelScope, cancelTokens } from '../step/close-waits.js';
import { startCompensating, takeCompensables } from '../step/compensate.js';
import type { Step, WorkingToken } from '../step/step.js';
import type { ElementBehavior } from './element-behavior.js';

/**
 * Cancels its transaction: everything else in it ends, what has completed is compensated, and the transaction is left by its cancel
 * boundary event (BPMN 2.0.2, 10.3.5 and 13.5.6). Of one that runs many times all runs under way are cancelled, and undone likewise.
 */
export const cancelEndEvent: ElementBehavior<PlainNode> = {
  enter: (step, token, node) => cancelTransaction(step, token, node, []),
};

/** `first`: what is compensated before everything else. */
export function cancelTransaction(
  step: Step,
  token: WorkingToken,
  node: FlowNode,
  first: readonly Compensable[],
): void {
  cancelTokens(step, token.scopeId, token);
  const own = takeCompensables(step, token.scopeId, null);
  startCompensating(step, token, node, [...first, ...own, ...cancelOtherRuns(step, token)]);
}

/** Ends the other runs of a multi-instance transaction, the last first; returns what has completed in them, with what each run had for itself. */
function cancelOtherRuns(step: Step, token: WorkingToken): readonly Compensable[] {
  const { parentTokenId } = step.scope(token.scopeId);
  const run = step.scope(step.tokenById(parentTokenId!).scopeId);
  if (run.loopCounter === undefined || run.parentTokenId === null) return [];
  const undone: Compensable[] = [];
  for (const other of [...step.scopesUnder(run.parentTokenId)].reverse()) {
    if (other.id === run.id) continue;
    for (const { id } of step.tokensIn(other.id))
      for (const inner of step.scopesUnder(id))
        for (const one of takeCompensables(step, inner.id, null))
          undone.push({ ...one, variables: { ...other.variables, ...inner.variables, ...one.variables } });
    cancelScope(step, other.id);
  }
  return undone;
}
