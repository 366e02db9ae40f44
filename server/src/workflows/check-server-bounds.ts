import type { Definition, Problem } from '@xflow/engine';
import { reachLifetime } from '../runner/sql/forget-old-rows.js';

const day = 86_400_000;

/** Problems of processes that are sound, but want something of the server that it does not do, or only in part. */
export function checkServerBounds(definitions: readonly Definition[]): Problem[] {
  return definitions.flatMap(({ key, frequencyCap }) => {
    const problems: Problem[] = [];
    if (frequencyCap !== null && frequencyCap.window > reachLifetime)
      problems.push({
        level: 'error',
        rule: 'frequency-cap',
        elementId: key,
        message: `The frequency cap of <${key}> looks back further than the server remembers messages, which is ${reachLifetime / day} days.`,
        remedy: `Set window to P${reachLifetime / day}D or less.`,
      });
    return problems;
  });
}
