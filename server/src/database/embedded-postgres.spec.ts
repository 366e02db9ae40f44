import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { EmbeddedPostgres } from './embedded-postgres.js';
import { ServerIdentity } from './server-identity.js';

async function query(url: string, text: string, applicationName = 'test'): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: applicationName });
  client.on('error', () => undefined);
  await client.connect();
  await client.query(text);
  return client;
}

describe('EmbeddedPostgres', () => {
  let parent: string;
  let home: string;
  const pidFile = (): string => path.join(home, 'postgres', 'postmaster.pid');
  const pid = (): number => Number(readFileSync(pidFile(), 'utf8').split('\n')[0]);

  beforeAll(() => {
    parent = mkdtempSync(path.join(tmpdir(), 'xflow-embedded-'));
    // Only its owner may enter: PostgreSQL must reach its data also where the account it runs as may not pass.
    chmodSync(parent, 0o700);
    home = path.join(parent, '.xflow');
  });
  afterAll(() => {
    rmSync(parent, { recursive: true, force: true });
  });

  it('starts below a closed folder, keeps its password to itself, and keeps its data between runs', async () => {
    const first = await EmbeddedPostgres.start({ home });
    await (await query(first.url, 'CREATE TABLE kept (n int)')).end();
    expect(new URL(first.url).hostname).toBe('127.0.0.1');
    expect(statSync(path.join(home, 'postgres.password')).mode & 0o777).toBe(0o600);
    await expect(query(first.url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow('password');
    await first.stop();
    const second = await EmbeddedPostgres.start({ home });
    await (await query(second.url, 'INSERT INTO kept VALUES (1)')).end();
    await second.stop();
  });

  it('is adopted by a second start, and stopped by the last server', async () => {
    const [first, second] = await Promise.all([EmbeddedPostgres.start({ home }), EmbeddedPostgres.start({ home })]);
    expect(second.url).toBe(first.url);
    const other = await query(first.url, 'SELECT 1', new ServerIdentity().applicationName);
    await first.stop();
    await other.query('SELECT 1');
    await other.end();
    await second.stop();
    await expect(query(first.url, 'SELECT 1')).rejects.toThrow();
  });

  it('recovers from a crash of its own', async () => {
    const crashed = await EmbeddedPostgres.start({ home });
    const client = await query(crashed.url, 'INSERT INTO kept VALUES (2)');
    const gone = new Promise((resolve) => client.once('end', resolve));
    process.kill(pid(), 'SIGKILL');
    await gone;
    const recovered = await EmbeddedPostgres.start({ home });
    const again = await query(recovered.url, 'SELECT 1');
    expect((await again.query('SELECT n FROM kept ORDER BY n')).rows).toEqual([{ n: 1 }, { n: 2 }]);
    await again.end();
    await recovered.stop();
  });

  it('does not mistake another process for itself, nor the lock of a dead one for one that is held', async () => {
    writeFileSync(pidFile(), `${process.pid}\n${home}\n0\n1\n`);
    writeFileSync(path.join(home, 'postgres.starting'), '4194303');
    const started = await EmbeddedPostgres.start({ home });
    expect(pid()).not.toBe(process.pid);
    await started.stop();
  });

  it('leaves the data of another version alone, and says what to do', async () => {
    const foreign = path.join(parent, 'foreign');
    mkdirSync(path.join(foreign, 'postgres'), { recursive: true });
    writeFileSync(path.join(foreign, 'postgres', 'PG_VERSION'), '12\n');
    await expect(EmbeddedPostgres.start({ home: foreign })).rejects.toThrow(/PostgreSQL 12.*DATABASE_URL/);
  });
});
