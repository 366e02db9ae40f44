import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Longest that one attempt to start may take on a busy machine, in milliseconds. */
const attemptWithin = 90_000;
/** Longest that a start may take, with all its attempts, while the database and the network fail. Milliseconds. */
const startsWithin = 300_000;

/** A server process of the fleet; its place is filled again when it is gone. */
interface Place {
  child: ChildProcess | null;
  /** Null while it starts. */
  url: string | null;
}

/**
 * Server processes on one database, which are killed and come back. One more process has loaded the server's code already and waits, so that
 * the place of one that is killed is not empty for longer than it takes to connect.
 */
export class ServerFleet {
  private readonly places: Place[];
  private closing = false;
  private readonly starts = new Set<Promise<void>>();
  private reserve: ChildProcess | null = null;
  private output = '';
  /** The first server that did not start. */
  private failure: Error | null = null;

  private constructor(
    size: number,
    private readonly environment: Readonly<Record<string, string>>,
  ) {
    this.places = Array.from({ length: size }, () => ({ child: null, url: null }));
  }

  /** @param environment of the servers: DATABASE_URL, CHAOS_LEDGER, and what selects other adapters. */
  static async start(size: number, environment: Readonly<Record<string, string>>): Promise<ServerFleet> {
    const fleet = new ServerFleet(size, environment);
    for (const place of fleet.places) fleet.refill(place);
    try {
      await fleet.full();
    } catch (error) {
      await fleet.close();
      throw error;
    }
    return fleet;
  }

  get size(): number {
    return this.places.length;
  }

  /** Addresses of those that serve. */
  get urls(): readonly string[] {
    return this.places.flatMap(({ url }) => (url === null ? [] : [url]));
  }

  /** SIGKILL; another one takes its place at once. */
  async kill(index: number): Promise<void> {
    const place = this.places[index]!;
    // One that was just starting is started again by whoever started it.
    const starting = place.url === null;
    place.url = null;
    await end(place.child);
    if (!this.closing && !starting) this.refill(place);
  }

  /** SIGSTOP: the process stands still without knowing. Returns what wakes it. */
  stop(index: number): () => void {
    const { child } = this.places[index]!;
    child?.kill('SIGSTOP');
    return () => child?.kill('SIGCONT');
  }

  /** Sets the clock of a process wrong by so many milliseconds. */
  skew(index: number, milliseconds: number): void {
    const { child } = this.places[index]!;
    if (child?.connected) child.send({ skew: milliseconds }, () => undefined);
  }

  /** Resolves when all places are filled. @throws when a server does not start */
  async full(): Promise<void> {
    while (this.starts.size > 0) await Promise.all(this.starts);
    if (this.failure) throw this.failure;
  }

  async close(): Promise<void> {
    this.closing = true;
    // Those that are just starting, too.
    for (;;) {
      await Promise.all([this.reserve, ...this.places.map(({ child }) => child)].map(end));
      if (this.starts.size === 0) return;
      await Promise.all(this.starts);
    }
  }

  private refill(place: Place): void {
    const start = this.fill(place)
      .catch((error: unknown) => {
        this.failure ??= error as Error;
      })
      .finally(() => this.starts.delete(start));
    this.starts.add(start);
  }

  /** The database may be away, then the start fails, and is tried again. */
  private async fill(place: Place): Promise<void> {
    for (const deadline = Date.now() + startsWithin; !this.closing;) {
      const child = this.takeReserve();
      place.child = child;
      child.send({ serve: true }, () => undefined);
      const gone = once(child, 'exit').then(() => null);
      // One that neither serves nor ends is ended.
      const late = setTimeout(() => child.kill('SIGKILL'), attemptWithin);
      const told = await Promise.race([once(child, 'message') as Promise<[{ url: string }]>, gone]);
      clearTimeout(late);
      if (told) {
        place.url = told[0].url;
        // One that ends by itself is a failure of its own: its place stays empty, and the checks will tell.
        void gone.then(() => {
          if (place.child === child) place.url = null;
        });
        return;
      }
      if (Date.now() > deadline)
        throw new Error(
          `A server process does not serve within ${startsWithin / 1_000} s. It says last: ${this.output}`,
        );
    }
  }

  /** A process that has loaded the code, or is just about to; another one begins to. */
  private takeReserve(): ChildProcess {
    const waiting = this.reserve?.exitCode === null && this.reserve.signalCode === null ? this.reserve : this.fork();
    this.reserve = this.fork();
    return waiting;
  }

  private fork(): ChildProcess {
    const folder = new URL('.', import.meta.url);
    const child = fork(fileURLToPath(new URL('server-process.ts', folder)), {
      execArgv: [
        '--no-warnings',
        ...['../test/typescript.js', 'mutating.js'].flatMap((file) => ['--import', new URL(file, folder).href]),
      ],
      env: { ...process.env, ...this.environment, NODE_OPTIONS: '' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child.stderr!.on('data', (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-2_000)));
    return child;
  }
}

async function end(child: ChildProcess | null): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
