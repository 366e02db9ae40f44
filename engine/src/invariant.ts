/** Throws when something holds that only a bug can bring about. Failures of diagrams, data or the world are values instead: incidents and problems. */
export function invariant(condition: unknown, expectation: string): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${expectation}`);
}
