import { Pool } from 'pg';
import { Clock } from './clock.js';

/** setTimeout holds at most a signed 32-bit number of milliseconds; longer alarms are set in stages. */
const longestTimeout = 2 ** 31 - 1;

/** Milliseconds after which a clock that is in use is compared with the database's again. */
const comparedEvery = 60_000;

/** A larger difference, in milliseconds, is no jitter of the network: the database's clock was set. */
const mostJitter = 1_000;

/**
 * The database's clock: the one time that all servers of a database share, so that a machine whose clock is wrong neither fires timers
 * early nor sets them late. Between two comparisons it is told by the monotonic clock of this process, which nobody sets. It may be
 * behind the database's by as long as the comparison took, and is never ahead.
 */
export class DatabaseClock extends Clock {
  readonly sql = 'clock_timestamp()';
  private readonly timeouts = new Map<string, NodeJS.Timeout>();
  /** What the monotonic clock must be added to. */
  private origin = -Infinity;
  private comparedAt = -Infinity;
  private comparing = false;

  private constructor(private readonly readDatabase: () => Promise<number>) {
    super();
  }

  /** @param readDatabase tells the database's time, in milliseconds since 1970. */
  static async load(readDatabase: () => Promise<number>): Promise<DatabaseClock> {
    const clock = new DatabaseClock(readDatabase);
    await clock.compare();
    return clock;
  }

  now(): number {
    const now = performance.now();
    if (now - this.comparedAt > comparedEvery && !this.comparing) {
      // The database may be away; then the clock goes on as it is.
      void this.compare().catch(() => undefined);
    }
    return Math.floor(now + this.origin);
  }

  setAlarm(name: string, at: number | null, ring: () => void): void {
    clearTimeout(this.timeouts.get(name));
    this.timeouts.delete(name);
    if (at === null) return;
    const remaining = Math.max(0, at - this.now());
    const timeout = setTimeout(
      () => {
        // A timer of Node may fire a millisecond early, and the clock may have been set back meanwhile.
        if (this.now() < at) this.setAlarm(name, at, ring);
        else {
          this.timeouts.delete(name);
          ring();
        }
      },
      Math.min(remaining, longestTimeout),
    );
    timeout.unref();
    this.timeouts.set(name, timeout);
  }

  close(): void {
    for (const timeout of this.timeouts.values()) clearTimeout(timeout);
    this.timeouts.clear();
  }

  private async compare(): Promise<void> {
    this.comparing = true;
    try {
      const time = await this.readDatabase();
      this.comparedAt = performance.now();
      const origin = time - this.comparedAt;
      // The shorter the way of an answer, the later the time that it tells: of two that differ by it, the later is right.
      this.origin = Math.abs(origin - this.origin) > mostJitter ? origin : Math.max(origin, this.origin);
    } finally {
      this.comparing = false;
    }
  }
}

/** Reads the time of a PostgreSQL. */
export async function readTime(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ now: number }>(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now',
  );
  return rows[0]!.now;
}
