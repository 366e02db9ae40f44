/** Something that requires others: a decision, or a business knowledge model. */
export interface Requiring<T> {
  readonly requires: readonly T[];
}

/** All that it requires, directly or not, each before what requires it, itself last. The graph has no cycles. */
export function inOrder<T extends Requiring<T>>(last: T): readonly T[] {
  const done = new Set<T>();
  const stack: { readonly node: T; next: number }[] = [{ node: last, next: 0 }];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const required = top.node.requires[top.next];
    top.next += 1;
    if (required === undefined) {
      done.add(top.node);
      stack.pop();
    } else if (!done.has(required)) stack.push({ node: required, next: 0 });
  }
  return [...done];
}

/** One that requires itself, directly or not, in every cycle. Keys are what is required; `requires` gives the direct ones. */
export function cycles<T>(all: readonly T[], requires: (node: T) => readonly T[]): readonly T[] {
  const found = new Set<T>();
  const state = new Map<T, 'open' | 'done'>();
  for (const start of all) {
    if (state.has(start)) continue;
    state.set(start, 'open');
    const stack: { readonly node: T; readonly rest: T[] }[] = [{ node: start, rest: [...requires(start)] }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const next = top.rest.pop();
      if (next === undefined) {
        state.set(top.node, 'done');
        stack.pop();
      } else if (state.get(next) === 'open') found.add(next);
      else if (!state.has(next)) {
        state.set(next, 'open');
        stack.push({ node: next, rest: [...requires(next)] });
      }
    }
  }
  return [...found];
}
