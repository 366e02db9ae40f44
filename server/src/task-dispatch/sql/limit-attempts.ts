import type { PoolClient } from 'pg';
import { toTimestamp } from '../../runner/sql/statement.js';
import type { JobLimits } from '../job-policy.js';

export interface AttemptBudget {
  /** Attempts that the limits still let begin. */
  readonly allowed: number;
  /** When the span of time of the rate ends: milliseconds since 1970; null: it is not the rate that limits. */
  readonly allowedAgainAt: number | null;
}

/**
 * How many attempts the limits that all servers share still let begin, by type; until the transaction ends, no other server begins any of
 * these types. A span of time begins with its first attempt, as BullMQ counts it, and is begun anew here when it is over.
 * Locks: the rows of `job_limit`, in the order of their types.
 */
export async function reserveAttempts(
  client: PoolClient,
  wanted: readonly { readonly type: string; readonly limits: JobLimits }[],
  now: number,
): Promise<ReadonlyMap<string, AttemptBudget>> {
  const types = wanted.map(({ type }) => type);
  const durations = wanted.map(({ limits }) => limits.rate?.duration ?? 0);
  const { rows: spans } = await client.query<{ type: string; began_at: Date; used: number }>({
    name: 'begin-spans',
    text: beginSpans,
    values: [types, durations, toTimestamp(now)],
  });
  // A statement of its own: its snapshot must be younger than the locks.
  const { rows: leased } = await client.query<{ type: string; running: number }>({
    name: 'count-leased-jobs',
    text: countLeased,
    values: [wanted.filter(({ limits }) => limits.concurrency !== null).map(({ type }) => type), toTimestamp(now)],
  });
  const running = new Map(leased.map((row) => [row.type, row.running]));
  const spanOf = new Map(spans.map((row) => [row.type, row]));
  return new Map(
    wanted.map(({ type, limits: { concurrency, rate } }) => {
      const { used, began_at } = spanOf.get(type)!;
      const byRate = rate === null ? Infinity : rate.max - used;
      const byConcurrency = concurrency === null ? Infinity : concurrency - (running.get(type) ?? 0);
      const allowedAgainAt = rate !== null && byRate <= byConcurrency ? began_at.getTime() + rate.duration : null;
      return [type, { allowed: Math.max(0, Math.min(byRate, byConcurrency)), allowedAgainAt }];
    }),
  );
}

/** Counts attempts that have begun. Locks: the rows, which {@link reserveAttempts} has locked. */
export async function payForAttempts(client: PoolClient, begun: ReadonlyMap<string, number>): Promise<void> {
  if (begun.size === 0) return;
  await client.query({ name: 'pay-for-attempts', text: pay, values: [[...begun.keys()], [...begun.values()]] });
}

const beginSpans = `
  INSERT INTO job_limit AS l (type, began_at, used)
  SELECT type, $3::timestamptz, 0 FROM unnest($1::text[]) AS asked (type) ORDER BY type
  ON CONFLICT (type) DO UPDATE SET
    used = CASE WHEN l.began_at + make_interval(secs => ($2::float8[])[array_position($1, l.type)] / 1000) <= $3 THEN 0 ELSE l.used END,
    began_at = CASE WHEN l.used = 0 OR l.began_at + make_interval(secs => ($2::float8[])[array_position($1, l.type)] / 1000) <= $3
      THEN $3 ELSE l.began_at END
  RETURNING type, began_at, used`;

const countLeased = `
  SELECT type, count(*)::int AS running FROM task
  WHERE kind = 'job' AND type = ANY ($1::text[]) AND lease_owner IS NOT NULL AND next_attempt_at > $2 GROUP BY type`;

const pay = `
  UPDATE job_limit l SET used = l.used + b.attempts FROM unnest($1::text[], $2::int[]) AS b (type, attempts) WHERE l.type = b.type`;
