import type { InstanceState, Token, Wait } from '../instance-state.js';

/** Two states with the same text go on the same way: where the tokens are and what they wait for, without ids and order. `fired` are ids of waits that shall not happen again. */
export function markingOf(state: InstanceState, fired: ReadonlySet<string>): string {
  const byScope = new Map<string, Token[]>();
  for (const token of state.tokens) {
    const there = byScope.get(token.scopeId);
    if (there === undefined) byScope.set(token.scopeId, [token]);
    else there.push(token);
  }
  const scopeText = (scopeId: string): string => (byScope.get(scopeId) ?? []).map(tokenText).sort().join();
  const tokenText = ({ elementId, phase, arrivedBy, waits, answers }: Token): string =>
    JSON.stringify([
      elementId,
      phase,
      waits.some(({ kind }) => kind === 'join') ? arrivedBy : '',
      waits.map(waitText).sort(),
      answers?.segments ?? null,
    ]);
  const waitText = (wait: Wait): string => {
    if (wait.kind === 'children') return scopeText(wait.id);
    const again = wait.kind === 'timer' && wait.count > 1;
    return JSON.stringify([wait.kind, wait.elementId, again || fired.has(wait.id)]);
  };
  const root = state.scopes[0];
  return `${state.status} ${root === undefined ? '' : scopeText(root.id)}`;
}
