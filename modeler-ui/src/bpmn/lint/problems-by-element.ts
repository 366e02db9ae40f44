import type { Problem } from '@xflow/schemas';

export type ProblemLevel = Problem['level'];
const order: readonly ProblemLevel[] = ['error', 'warning', 'hint'];

/** Problems in the order in which they are worked off: errors first, in the order of the diagram within a level. */
export function byLevel(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

/** Of every element that has problems: the worst level, and all messages, the worst first. */
export function problemsByElement(
  problems: readonly Problem[],
): ReadonlyMap<string, { readonly level: ProblemLevel; readonly messages: readonly string[] }> {
  const found = new Map<string, { level: ProblemLevel; messages: string[] }>();
  for (const problem of byLevel(problems)) {
    if (problem.elementId === null) continue;
    const message = `${problem.message} ${problem.remedy}`;
    const entry = found.get(problem.elementId);
    if (entry === undefined) found.set(problem.elementId, { level: problem.level, messages: [message] });
    else entry.messages.push(message);
  }
  return found;
}
