import type { FlowNode } from '../definition.js';
import type { Token } from '../instance-state.js';
import type { Step, WorkingToken } from '../step/step.js';

/** The tokens that wait at a join, in the order in which they came. */
export function tokensAt(step: Step, join: FlowNode, scopeId: string): readonly Token[] {
  const found: Token[] = [];
  for (const token of step.tokens)
    if (token.elementId === join.id && token.scopeId === scopeId && token.waits[0]?.kind === 'join') found.push(token);
  return found;
}

/** Of these tokens, the first on each incoming flow. */
export function oneAFlow(tokens: readonly Token[]): Map<string | null, Token> {
  const byFlow = new Map<string | null, Token>();
  for (const token of tokens) if (!byFlow.has(token.arrivedBy)) byFlow.set(token.arrivedBy, token);
  return byFlow;
}

export function waitAtJoin(step: Step, token: WorkingToken): void {
  step.addWait(token, { kind: 'join', id: token.id, elementId: token.elementId });
}
