import type { FlowNode } from '../definition.js';
import type { Token } from '../instance-state.js';
import type { Step, WorkingToken } from '../step/step.js';

/** The tokens that wait at a join, in the order in which they came. */
export function tokensAt(step: Step, join: FlowNode, scopeId: string): readonly Token[] {
  return step.tokens.filter(
    ({ elementId, scopeId: home, waits }) => elementId === join.id && home === scopeId && waits[0]?.kind === 'join',
  );
}

export function waitAtJoin(step: Step, token: WorkingToken): void {
  step.addWait(token, { kind: 'join', id: token.id, elementId: token.elementId });
}
