/** Throws when what must be true is not: a defect of the program, never of its input. */
export function invariant(condition: boolean, expectation: string): asserts condition {
  if (!condition) throw new Error(expectation);
}
