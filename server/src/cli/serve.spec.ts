import type { WorkflowSummary } from '@xflow/schemas';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { xflow } from './xflow.js';

describe('xflow serve', () => {
  let database: TestDatabase;
  let folder: string;
  beforeEach(async () => {
    database = await createTestDatabase();
    process.env.DATABASE_URL = database.url;
    folder = await mkdtemp(join(tmpdir(), 'xflow-serve-'));
  });
  afterEach(async () => {
    delete process.env.DATABASE_URL;
    await database.drop();
    await rm(folder, { recursive: true });
  });

  /** Serves until `use` is done, and then stops as Ctrl-C does. */
  async function serve(args: readonly string[], use: (url: string) => Promise<void>) {
    const out: string[] = [];
    const err: string[] = [];
    let onReady: (url: string) => void;
    const ready = new Promise<string>((resolve) => (onReady = resolve));
    const ended = xflow(['serve', '--port', '0', ...args], {
      out: (line) => {
        out.push(line);
        const url = /^xflow serves on (.*)/.exec(line)?.[1];
        if (url) onReady(url);
      },
      err: (line) => err.push(line),
      isInteractive: false,
      env: {},
      cwd: folder,
    });
    const url = await Promise.race([ready, ended]);
    if (typeof url === 'string') {
      await use(url);
      process.emit('SIGINT');
    }
    return { code: await ended, out: out.join('\n'), err: err.join('\n') };
  }
  const workflows = async (url: string): Promise<string[]> => {
    const { items } = (await (await fetch(`${url}/api/workflows`)).json()) as { items: WorkflowSummary[] };
    return items.map(({ key }) => key).sort();
  };

  it('deploys the examples into a fresh database, says what to try, and stops when told to', async () => {
    const { code, out, err } = await serve([], async (url) => {
      expect(await workflows(url)).toEqual(['new-user-onboarding', 'vip-upgrade', 'win-back']);
    });
    expect(out).toContain('npx xflow start new-user-onboarding --user ada');
    expect(out).toMatch(/Stopped\.$/);
    expect(err).toBe('');
    expect(code).toBe(0);
  });

  it('begins the test clock where it is told to', async () => {
    await serve(['--no-examples', '--test-clock=2011-12-10T00:00:00Z'], async (url) => {
      expect(await workflows(url)).toEqual([]);
      expect(await (await fetch(`${url}/api/clock`)).json()).toEqual({ now: '2011-12-10T00:00:00.000Z' });
    });
  });

  it('takes the next port when its own is taken', async () => {
    const taken = createServer();
    await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening));
    const { port } = taken.address() as { port: number };
    const { out } = await serve(['--no-examples', '--port', String(port)], async (url) => {
      expect(await workflows(url)).toEqual([]);
    });
    expect(out).toContain(`Port ${port} is taken, so another one is used.`);
    await new Promise((closed) => taken.close(closed));
  });

  it.each([
    [['--test-clock=soon'], '--test-clock "soon" is not a time.'],
    [['--handlers', 'gone.js', 'empty.mjs'], 'gone.js does not exist.\nempty.mjs exports no class with @TaskHandler.'],
  ])('refuses %j before anything is started', async (args, sentence) => {
    await writeFile(join(folder, 'empty.mjs'), 'export const nothing = 0;');
    const { code, err } = await serve(args, async () => undefined);
    expect(err).toContain(sentence);
    expect(code).toBe(2);
  });

  it('says why it cannot start', async () => {
    process.env.DATABASE_URL = 'postgres://nobody:nothing@127.0.0.1:9/none';
    const { code, err } = await serve([], async () => undefined);
    expect(err).toMatch(/^The server did not start: /);
    expect(code).toBe(1);
  });
});
