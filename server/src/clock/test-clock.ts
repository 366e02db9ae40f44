import type { Pool } from 'pg';
import { Clock } from './clock.js';

/**
 * A clock that stands still until it is told to move. Its time lies in the table `setting`, so that it survives a
 * restart.
 */
export class TestClock extends Clock {
  readonly sql = `(SELECT value::timestamptz FROM setting WHERE name = 'test-clock')`;
  private readonly alarms = new Map<string, { readonly at: number; readonly ring: () => void }>();

  private constructor(
    private readonly pool: Pool,
    private time: number,
  ) {
    super();
  }

  /** @param beginsAt where the clock stands in a database that has none yet: milliseconds since 1970. */
  static async load(pool: Pool, beginsAt: number): Promise<TestClock> {
    const { rows } = await pool.query<{ value: string }>(
      `INSERT INTO setting (name, value) VALUES ('test-clock', $1)
       ON CONFLICT (name) DO UPDATE SET value = setting.value RETURNING value`,
      [new Date(beginsAt).toISOString()],
    );
    return new TestClock(pool, Date.parse(rows[0]!.value));
  }

  now(): number {
    return this.time;
  }

  setAlarm(name: string, at: number | null, ring: () => void): void {
    this.alarms.delete(name);
    if (at === null) return;
    this.alarms.set(name, { at, ring });
    if (at <= this.time) setImmediate(() => this.ringDue());
  }

  /** Moves the clock forward to `time`, and rings what is due by then. */
  async moveTo(time: number): Promise<void> {
    if (time < this.time)
      throw new Error(`Expected a time from ${this.time} on, got ${time}: a clock never goes back.`);
    await this.pool.query(`UPDATE setting SET value = $1 WHERE name = 'test-clock'`, [new Date(time).toISOString()]);
    this.time = time;
    this.ringDue();
  }

  close(): void {
    this.alarms.clear();
  }

  private ringDue(): void {
    for (const [name, { at, ring }] of [...this.alarms]) {
      if (at > this.time) continue;
      this.alarms.delete(name);
      ring();
    }
  }
}
