import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgres } from '../src/database/embedded-postgres.js';

const settings = {
  // What is promised after a crash of PostgreSQL is what this suite is about.
  fsync: 'on',
  // The real time of every commit, by which timers are judged.
  track_commit_timestamp: 'on',
  max_connections: '120',
};

/** PostgreSQL itself ends processes that do not within five seconds. Milliseconds. */
const endsWithin = 30_000;

/** A PostgreSQL of the suite's own, which it may crash. */
export class OwnPostgres {
  private starting: Promise<unknown> = Promise.resolve();
  private closed = false;

  private constructor(
    private readonly home: string,
    /** Its port changes with every start. */
    public url: string,
  ) {}

  static async start(home: string): Promise<OwnPostgres> {
    const { url } = await EmbeddedPostgres.start({ home, settings });
    return new OwnPostgres(home, url);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Immediate shutdown: as if the power were cut, but for the memory of the operating system. */
  async crash(): Promise<void> {
    const pid = this.pid();
    if (pid === null) return;
    try {
      process.kill(pid, 'SIGQUIT');
      for (const deadline = Date.now() + endsWithin; Date.now() < deadline; await sleep(5)) process.kill(pid, 0);
      throw new Error(`PostgreSQL (process ${pid}) does not end within ${endsWithin / 1_000} s of its SIGQUIT.`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** Starts it again where it is down. */
  async restart(): Promise<void> {
    if (this.closed) throw new Error('This PostgreSQL was closed for good.');
    const starting = EmbeddedPostgres.start({ home: this.home, settings });
    this.starting = starting.catch(() => undefined);
    ({ url: this.url } = await starting);
  }

  /** Ends it for good, also one that is just starting. */
  async close(): Promise<void> {
    this.closed = true;
    await this.starting;
    await this.crash();
  }

  private pid(): number | null {
    const file = path.join(this.home, 'postgres', 'postmaster.pid');
    return existsSync(file) ? Math.abs(Number(readFileSync(file, 'utf8').split('\n')[0])) : null;
  }
}
