import type { Compensable, InstanceState, LoopState, Scope, Token, Wait } from '../instance-state.js';

/**
 * Two states with the same text go on the same way: where the tokens are and what they wait for, without ids and order. `fired` are happenings
 * that shall not be again, each the id of its wait, and a code behind it where it has one. What can be compensated counts once however often
 * it has completed, so that loops come back to where they were. Ids are XML names, so that nothing in them looks like what stands between them.
 */
export function markingOf({ status, tokens, scopes }: InstanceState, fired: ReadonlySet<string>): string {
  const byScope = groupedBy(tokens, ({ scopeId }) => scopeId);
  const under = groupedBy(scopes, ({ parentTokenId }) => parentTokenId ?? '');
  const happened = groupedBy([...fired], (key) => key.split(' ', 1)[0]!);

  const scopeText = (scope: Scope): string => {
    const inside = (byScope.get(scope.id) ?? []).map(tokenText).sort().join(',');
    const { pending = [], received = [], compensables = [] } = scope;
    if (pending.length + received.length + compensables.length === 0) return `{${inside}}`;
    return `{${inside};${pending.join()};${JSON.stringify(received)};${completedOnce(compensables).join()}}`;
  };
  const tokenText = (token: Token): string => {
    const { elementId, phase, waits, answers, result, loop, todo } = token;
    let text = `${elementId} ${phase}`;
    if (waits.some(({ kind }) => kind === 'join')) text += ` by ${token.arrivedBy}`;
    text += waits.length === 1 ? waitText(waits[0]!) : waits.map(waitText).sort().join('');
    if (answers?.segments !== undefined) text += JSON.stringify(answers.segments);
    if (typeof result === 'string') text += ` =${result}`;
    if (loop !== undefined) text += ` ${leftOf(loop).join()}`;
    if (todo !== undefined) text += ` todo ${todo.map(compensableText).join()}`;
    const scopesUnder = under.get(token.id);
    return scopesUnder === undefined ? text : text + scopesUnder.map(scopeText).sort().join('');
  };
  const waitText = (wait: Wait): string => {
    let text = ` [${wait.kind} ${wait.elementId}`;
    if ('part' in wait) text += ` ${wait.part}`;
    // A cycle goes on as it began.
    if (wait.kind === 'timer' && wait.count > 1) text += ' again';
    const times = happened.get(wait.id);
    return times === undefined
      ? `${text}]`
      : `${text} ${JSON.stringify(times.map((key) => key.slice(wait.id.length)).sort())}]`;
  };
  return `${status} ${(under.get('') ?? []).map(scopeText).join()}`;
}

/** A standard loop does not count here: its condition alone ends it. */
const leftOf = ({ total, started, completed }: LoopState): readonly number[] =>
  total === null ? [] : [total - started, total - completed];

const completedOnce = (compensables: readonly Compensable[]): readonly string[] =>
  [...new Set(compensables.map(compensableText))].sort();

/** Nesting of subprocesses is bounded by the compiler, so the recursion is too. */
const compensableText = ({ elementId, inner = [] }: Compensable): string =>
  inner.length === 0 ? elementId : `${elementId}(${completedOnce(inner).join()})`;

function groupedBy<Value>(values: readonly Value[], keyOf: (value: Value) => string): ReadonlyMap<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const there = groups.get(key);
    if (there === undefined) groups.set(key, [value]);
    else there.push(value);
  }
  return groups;
}
