/**
 * Throws when something holds that only a bug can bring about. Failures of diagrams, data or the world are values instead: incidents and
 * problems. A function, where every step comes by, puts the expectation together only when it is not met.
 */
export function invariant(condition: unknown, expectation: string | (() => string)): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${typeof expectation === 'string' ? expectation : expectation()}`);
}
