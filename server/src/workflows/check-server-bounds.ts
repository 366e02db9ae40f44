import { nextStart, type Definition, type Problem } from '@xflow/engine';
import { reachLifetime } from '../runner/sql/forget-old-rows.js';

const day = 86_400_000;
/** Milliseconds between two starts by the same timer. */
const shortestCycle = 1_000;

/** Problems of processes that are sound, but want something of the server that it does not do, or only in part. */
export function checkServerBounds(definitions: readonly Definition[]): Problem[] {
  return definitions.flatMap(({ key, frequencyCap, startEvents }) => {
    const problems: Problem[] = [];
    if (frequencyCap !== null && frequencyCap.window > reachLifetime)
      problems.push({
        level: 'error',
        rule: 'frequency-cap',
        elementId: key,
        message: `The frequency cap of <${key}> looks back further than the server remembers messages, which is ${reachLifetime / day} days.`,
        remedy: `Set window to P${reachLifetime / day}D or less.`,
      });
    for (const start of startEvents) {
      if (start.kind !== 'timer') continue;
      const first = nextStart(start, 0);
      const second = first.ok && first.dueAt !== null ? nextStart(start, first.dueAt, 2) : first;
      if (!first.ok || !second.ok || first.dueAt === null || second.dueAt === null) continue;
      if (second.dueAt - first.dueAt < shortestCycle)
        problems.push({
          level: 'error',
          rule: 'timer',
          elementId: start.id,
          message: `The timer of <${start.id}> starts an instance every ${second.dueAt - first.dueAt} ms, and the server starts one a second at most.`,
          remedy: 'Let it repeat after a second or more; start many at once with one start for many users.',
        });
    }
    return problems;
  });
}
