import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { Client, Pool } from 'pg';
import { EmbeddedPostgres } from '../src/database/embedded-postgres.js';
import { migrate } from '../src/database/migrate.js';
import { underStartLock } from '../src/database/start-lock.js';
import { closeAfterTests } from './open-resources.js';

export interface TestDatabase {
  readonly url: string;
  readonly pool: Pool;
  /** Drops the database; whoever uses it must have let go. Happens by itself after the tests of the file. */
  drop(): Promise<void>;
}

/** A fresh, migrated database in the PostgreSQL of this run, cloned from a template in some ten milliseconds. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await (started ??= startPostgres());
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(server, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  const url = databaseUrl(server, name);
  const pool = new Pool({ connectionString: url, max: 4 });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  let dropped: Promise<unknown> | undefined;
  const drop = (): Promise<unknown> =>
    (dropped ??= pool.end().then(() => administer(server, `DROP DATABASE ${name} WITH (FORCE)`)));
  closeAfterTests(drop);
  return {
    url,
    pool,
    async drop() {
      await drop();
    },
  };
}

const template = 'xflow_template';
let started: Promise<string> | undefined;

/** Starts PostgreSQL, or adopts the one that another test file has started; makes the template once. */
async function startPostgres(): Promise<string> {
  const home = process.env.XFLOW_TEST_HOME;
  if (home === undefined)
    throw new Error('Expected server/test/global-setup.js to have run. Name it as globalSetup of this Jest project.');
  const { url } = await EmbeddedPostgres.start({
    home,
    // Tests kill servers, never PostgreSQL itself: what it promises after a crash of its own is not theirs to check.
    settings: { fsync: 'off', max_connections: '200' },
  });
  await underStartLock(path.join(home, 'template.starting'), async () => {
    if (await exists(url, template)) return;
    const unfinished = `${template}_unfinished`;
    await administer(url, `DROP DATABASE IF EXISTS ${unfinished}`);
    await administer(url, `CREATE DATABASE ${unfinished}`);
    await migrate(databaseUrl(url, unfinished));
    await administer(url, `ALTER DATABASE ${unfinished} RENAME TO ${template}`);
  });
  return url;
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function exists(server: string, name: string): Promise<boolean> {
  return (await administer(server, `SELECT FROM pg_database WHERE datname = '${name}'`)) > 0;
}

async function administer(server: string, statement: string): Promise<number> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    return (await client.query(statement)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}
