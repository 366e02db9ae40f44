/** How jobs of a type are done. Times: milliseconds. */
export interface JobPolicy {
  /** Attempts before a failure becomes an incident, unless the element says another number. */
  readonly maxAttempts: number;
  readonly backoff: Backoff;
  /** That one attempt may take. */
  readonly timeout: number;
  /** Attempts at a time in one server. */
  readonly concurrency: number;
  /** Higher ones begin first where a server has no room for all. */
  readonly priority: number;
  readonly limits: JobLimits;
}

export interface Backoff {
  /** Before the second attempt; four times as long before every one after it. */
  readonly first: number;
  readonly longest: number;
}

/** What all servers on a database share; null: no limit. */
export interface JobLimits {
  /** Attempts at a time. */
  readonly concurrency: number | null;
  /** Attempts begun in a span of time. */
  readonly rate: { readonly max: number; readonly duration: number } | null;
}

export const usualBackoff: Backoff = { first: 1_000, longest: 300_000 };

/** Attempts of a job before its failure becomes an incident, where neither its element nor its handler says another number. */
export const usualAttempts = 5;

/**
 * Milliseconds to wait after attempt number `attempt` (1 is the first) failed: four times as long after each, of which a random
 * half is taken off, so that what failed together does not come back together.
 * @param random in [0, 1)
 * @param said what the element says instead: the delay after each attempt, the last also after all further ones
 */
export function retryDelay(
  attempt: number,
  random: number,
  { first, longest }: Backoff = usualBackoff,
  said: readonly number[] | null = null,
): number {
  const exactly = said?.[Math.min(attempt, said.length) - 1];
  if (exactly !== undefined) return exactly;
  return Math.round(Math.min(first * 4 ** (attempt - 1), longest) * (1 - random / 2));
}

const span: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Limits of job types as an operator writes them: `send-email=600/m, send-email=20, http-call=50/s`: so many attempts a second, minute,
 * hour or day, and so many at a time, over all servers.
 * @throws an Error that names what cannot be read
 */
export function parseJobLimits(text: string): Map<string, JobLimits> {
  const limits = new Map<string, JobLimits>();
  for (const part of text.split(',').map((part) => part.trim())) {
    if (part === '') continue;
    const [, type, number, unit] = /^([^=\s]+)\s*=\s*([1-9]\d{0,8})(?:\/([smhd]))?$/.exec(part) ?? [];
    if (type === undefined || number === undefined)
      throw new Error(
        `XFLOW_JOB_LIMITS has "${part}", which is no limit. Write type=20 for 20 at a time, or type=600/m for 600 a minute (s, m, h, d), with commas in between.`,
      );
    const { concurrency, rate } = limits.get(type) ?? { concurrency: null, rate: null };
    const max = Number(number);
    limits.set(
      type,
      unit === undefined ? { concurrency: max, rate } : { concurrency, rate: { max, duration: span[unit]! } },
    );
  }
  return limits;
}
