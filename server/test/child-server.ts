import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { closeAfterTests } from './open-resources.js';
import { TestApi } from './test-server.js';

/** A server in a process of its own, on a test clock unless it is of the next version; killed at the latest when the tests of the file are over. */
export class ChildServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly api: TestApi,
  ) {}

  /** @param version `next`: a planted next version (next-version-hooks.js), on the database's clock */
  static async start(databaseUrl: string, version: 'this' | 'next' = 'this'): Promise<ChildServer> {
    const folder = new URL('.', import.meta.url);
    const child = fork(fileURLToPath(new URL('server-process.ts', folder)), {
      execArgv: [
        '--no-warnings',
        '--import',
        new URL(version === 'next' ? 'next-version.js' : 'typescript.js', folder).href,
      ],
      env: { ...process.env, DATABASE_URL: databaseUrl, XFLOW_TEST_VERSION: version, NODE_OPTIONS: '' },
    });
    closeAfterTests(() => kill(child));
    const ended = once(child, 'exit').then(() => {
      throw new Error('The server process ended before it served.');
    });
    const [{ url }] = (await Promise.race([once(child, 'message'), ended])) as [{ url: string }];
    ended.catch(() => undefined);
    return new ChildServer(child, new TestApi(url));
  }

  /** Stops the process where it stands, until it is woken: as a machine does that is out of memory, or moved. */
  stop(): void {
    this.child.kill('SIGSTOP');
  }

  wake(): void {
    this.child.kill('SIGCONT');
  }

  /** As if the power were cut: SIGKILL. Resolves when the process is gone. */
  async kill(): Promise<void> {
    await kill(this.child);
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
