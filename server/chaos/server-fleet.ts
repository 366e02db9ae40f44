import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Longest that a start may take on a busy machine, in milliseconds. */
const startsWithin = 60_000;

/** A server process of the fleet; its place is filled again when it is gone. */
interface Place {
  child: ChildProcess | null;
  /** Null while it starts. */
  url: string | null;
}

/** Server processes on one database, which are killed and come back. */
export class ServerFleet {
  private readonly places: Place[];
  private closing = false;
  private readonly starts = new Set<Promise<void>>();

  private constructor(
    size: number,
    private readonly environment: Readonly<Record<string, string>>,
  ) {
    this.places = Array.from({ length: size }, () => ({ child: null, url: null }));
  }

  /** @param environment of the servers: DATABASE_URL, CHAOS_LEDGER, and what selects other adapters. */
  static async start(size: number, environment: Readonly<Record<string, string>>): Promise<ServerFleet> {
    const fleet = new ServerFleet(size, environment);
    await Promise.all(fleet.places.map((place) => fleet.fill(place)));
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

  /** SIGSTOP: the process stands still without knowing. */
  stop(index: number): void {
    this.places[index]!.child?.kill('SIGSTOP');
  }

  resume(index: number): void {
    this.places[index]!.child?.kill('SIGCONT');
  }

  /** Sets the clock of a process wrong by so many milliseconds. */
  skew(index: number, milliseconds: number): void {
    const { child } = this.places[index]!;
    if (child?.connected) child.send({ skew: milliseconds }, () => undefined);
  }

  /** Resolves when all places are filled. */
  async full(): Promise<void> {
    while (this.starts.size > 0) await Promise.all(this.starts);
  }

  async close(): Promise<void> {
    this.closing = true;
    await Promise.allSettled(this.starts);
    await Promise.all(this.places.map(({ child }) => end(child)));
  }

  private refill(place: Place): void {
    const start = this.fill(place).finally(() => this.starts.delete(start));
    this.starts.add(start);
  }

  /** The database may be away, then the start fails, and is tried again. */
  private async fill(place: Place): Promise<void> {
    let output = '';
    for (const deadline = Date.now() + startsWithin; !this.closing;) {
      const folder = new URL('.', import.meta.url);
      const child = fork(fileURLToPath(new URL('server-process.ts', folder)), {
        execArgv: [
          '--no-warnings',
          ...['../test/typescript.js', 'mutating.js'].flatMap((file) => ['--import', new URL(file, folder).href]),
        ],
        env: { ...process.env, ...this.environment, NODE_OPTIONS: '' },
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      });
      child.stderr!.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-2_000)));
      place.child = child;
      const gone = once(child, 'exit').then(() => null);
      const told = await Promise.race([once(child, 'message') as Promise<[{ url: string }]>, gone]);
      if (told) {
        place.url = told[0].url;
        // One that ends by itself is a failure of its own: its place stays empty, and the checks will tell.
        void gone.then(() => {
          if (place.child === child) place.url = null;
        });
        return;
      }
      if (Date.now() > deadline) throw new Error(`A server process does not start. It says last: ${output}`);
    }
  }
}

async function end(child: ChildProcess | null): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
