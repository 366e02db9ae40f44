/** Attempts of a job before its failure becomes an incident, where neither its element nor its handler says how many. */
export const mostAttempts = 5;

const firstDelay = 1_000;
const longestDelay = 300_000;

/**
 * Milliseconds to wait after attempt number `attempt` (1 is the first) failed: four times as long after each, of which a random
 * half is taken off, so that what failed together does not come back together.
 * @param random in [0, 1)
 * @param backoff what the element says instead: the delay after each attempt, the last also after all further ones
 */
export function retryDelay(attempt: number, random: number, backoff: readonly number[] | null = null): number {
  const said = backoff?.[Math.min(attempt, backoff.length) - 1];
  if (said !== undefined) return said;
  const delay = Math.min(firstDelay * 4 ** (attempt - 1), longestDelay);
  return Math.round(delay * (1 - random / 2));
}
