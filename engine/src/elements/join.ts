import type { Token } from '../instance-state.js';
import type { Step, WorkingToken } from '../step/step.js';

/** Of these tokens, the first on each incoming flow. */
export function oneAFlow(tokens: readonly Token[]): Map<string | null, Token> {
  const byFlow = new Map<string | null, Token>();
  for (const token of tokens) if (!byFlow.has(token.arrivedBy)) byFlow.set(token.arrivedBy, token);
  return byFlow;
}

export function waitAtJoin(step: Step, token: WorkingToken): void {
  step.addWait(token, { kind: 'join', id: token.id, elementId: token.elementId });
}
