import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';
import { choosePostgresAccount, type PostgresAccount } from './postgres-account.js';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.js';
import { ServerIdentity } from './server-identity.js';
import { isAlive, underStartLock } from './start-lock.js';

const superuser = 'xflow';
const databaseName = 'xflow';
const majorVersion = '18';
const readyWithin = 60_000;

const defaultSettings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  shared_buffers: '64MB',
  max_connections: '60',
  max_locks_per_transaction: '256',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

export interface EmbeddedPostgresOptions {
  /** Folder for the data (`postgres`), its password and its log; made where it is missing. */
  readonly home: string;
  /** Beside the default ones, or instead of them. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * A PostgreSQL of the server's own: on the loopback, with its data kept below `home`.
 *
 * It outlives a server that was killed, so a start first adopts the one that runs already, and recovers what a crash
 * left: its lock, its pid file, its write-ahead log.
 */
export class EmbeddedPostgres {
  private constructor(
    /** Connection URL of the database, password included. */
    readonly url: string,
    private readonly data: string,
  ) {}

  /** @throws an Error that tells the remedy, with the end of PostgreSQL's own log where there is one. */
  static async start({ home, settings = {} }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    const folder = path.resolve(home);
    mkdirSync(folder, { recursive: true });
    return await underStartLock(path.join(folder, 'postgres.starting'), async () => {
      const binaries = findPostgresBinaries();
      const data = path.join(folder, 'postgres');
      const password = initialise(folder, data, binaries);
      const port = (await adopt(data, password)) ?? (await launch(folder, data, password, binaries, settings));
      await createDatabase(port, password);
      return new EmbeddedPostgres(urlOf(port, password, databaseName), data);
    });
  }

  /** Stops PostgreSQL and waits for its end, unless another xflow server still uses it. */
  async stop(): Promise<void> {
    if (await this.isUsed()) return;
    const running = readPidFile(this.data);
    if (!running) return;
    // SIGINT is PostgreSQL's fast shutdown: it ends sessions, writes its checkpoint and goes.
    process.kill(running.pid, 'SIGINT');
    for (const deadline = Date.now() + readyWithin; Date.now() < deadline; await sleep(10))
      if (!isAlive(running.pid) || !existsSync(pidFile(this.data))) return;
    throw new Error(`The embedded PostgreSQL (process ${running.pid}) did not stop within a minute. End it by hand.`);
  }

  private async isUsed(): Promise<boolean> {
    const client = new Client({ connectionString: this.url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rowCount } = await client.query(
        'SELECT 1 FROM pg_stat_activity WHERE starts_with(application_name, $1) LIMIT 1',
        [ServerIdentity.prefix],
      );
      return rowCount! > 0;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

const urlOf = (port: number, password: string, database: string): string =>
  `postgres://${superuser}:${password}@127.0.0.1:${port}/${database}`;

const pidFile = (data: string): string => path.join(data, 'postmaster.pid');

/** Makes the data folder on the first start; returns the password. */
function initialise(home: string, data: string, binaries: PostgresBinaries): string {
  const passwordFile = path.join(home, 'postgres.password');
  if (holdsData(data)) return readFileSync(passwordFile, 'utf8').trim();
  // Made beside its place and moved there when it is complete: a start that was killed halfway leaves nothing behind that counts.
  const unfinished = `${data}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  const password = randomBytes(24).toString('base64url');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  const handedOver = path.join(home, 'postgres.password.new');
  writeFileSync(handedOver, `${password}\n`, { mode: 0o600 });
  try {
    const account = choosePostgresAccount(unfinished, binaries.initdb);
    account.own(unfinished);
    account.own(handedOver);
    const { program, args } = account.command(binaries.initdb, [
      `--pgdata=${unfinished}`,
      `--username=${superuser}`,
      `--pwfile=${handedOver}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--no-instructions',
    ]);
    const made = spawnSync(program, args, { ...account.options, cwd: '/', encoding: 'utf8' });
    if (made.status !== 0)
      throw new Error(
        `The embedded PostgreSQL cannot make its data folder ${data}: ${made.error?.message ?? made.stderr.trim()} ` +
          `Make the folder writable, or set DATABASE_URL to a PostgreSQL 15 or later of your own.`,
      );
  } finally {
    rmSync(handedOver, { force: true });
  }
  renameSync(unfinished, data);
  return password;
}

/** @throws when what lies there is not of this version, or another user's. */
function holdsData(data: string): boolean {
  if (!existsSync(data)) return false;
  let version: string;
  try {
    version = readFileSync(path.join(data, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    throw unreadable(data, error);
  }
  if (version === majorVersion) return true;
  throw new Error(
    `The data in ${data} was written by PostgreSQL ${version}, and the embedded one is ${majorVersion}. Move it with pg_dump and pg_restore, ` +
      `run a PostgreSQL ${version} on it and set DATABASE_URL, or remove the folder to begin anew.`,
  );
}

const unreadable = (data: string, error: unknown): Error =>
  new Error(
    `The data of the embedded PostgreSQL in ${data} cannot be read: ${String(error)}. Start the server as the user who owns it (or as root), ` +
      `or remove the folder to begin anew.`,
  );

interface Running {
  readonly pid: number;
  readonly port: number;
}

/** Lines of postmaster.pid: process id, data folder, start time, port, ... */
function readPidFile(data: string): Running | null {
  try {
    const lines = readFileSync(pidFile(data), 'utf8').split('\n');
    return { pid: Math.abs(Number(lines[0])), port: Number(lines[3] ?? 0) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unreadable(data, error);
  }
}

/** Port of a PostgreSQL that runs on this data already; null when there is none. Removes the pid file of one that is gone. */
async function adopt(data: string, password: string): Promise<number | null> {
  for (const deadline = Date.now() + readyWithin; ; await sleep(50)) {
    const running = readPidFile(data);
    if (!running) return null;
    if (!isAlive(running.pid) || !runsOn(running.pid, data)) {
      rmSync(pidFile(data), { force: true });
      return null;
    }
    if (running.port > 0 && (await isReady(running.port, password))) return running.port;
    if (Date.now() > deadline)
      throw new Error(
        `A PostgreSQL (process ${running.pid}) holds ${data} but does not answer on port ${running.port}. End that process, and start again.`,
      );
  }
}

/** The pid file of a crash may name a process that has nothing to do with it: ids are given out again. */
function runsOn(pid: number, data: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(data);
  } catch {
    if (process.platform === 'linux') return false;
    return spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout.includes(data);
  }
}

/**
 * Whether PostgreSQL answers on the port with this password. False while it starts, recovers, or is not there.
 * @throws when it refuses for good.
 */
async function isReady(port: number, password: string): Promise<boolean> {
  const client = new Client({ connectionString: urlOf(port, password, 'postgres'), connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    // 57P03: it starts, recovers or stops.
    if (error instanceof DatabaseError && error.code !== '57P03') throw error;
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function launch(
  home: string,
  data: string,
  password: string,
  binaries: PostgresBinaries,
  settings: Readonly<Record<string, string>>,
): Promise<number> {
  const account = choosePostgresAccount(data, binaries.postgres);
  const log = path.join(home, 'postgres.log');
  const flags = Object.entries({ ...defaultSettings, ...settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    writeFileSync(log, '');
    const server = spawnDetached(account, binaries.postgres, ['-D', data, '-p', String(port), ...flags], log);
    const ended = new Promise<'ended'>((resolve) =>
      server.once('exit', () => resolve('ended')).once('error', () => resolve('ended')),
    );
    for (const deadline = Date.now() + readyWithin; Date.now() < deadline;) {
      if (await isReady(port, password)) return port;
      if ((await Promise.race([ended, sleep(10)])) === 'ended') break;
    }
    // A port that was taken meanwhile, or processes of a killed PostgreSQL that are just about to go: both pass.
    if (attempt < 5 && server.exitCode !== null) {
      await sleep(200 * attempt);
      continue;
    }
    throw new Error(
      `The embedded PostgreSQL does not start. The end of its log (${log}): ${readFileSync(log, 'utf8').trim().slice(-2_000)} ` +
        `Where that does not help, set DATABASE_URL to a PostgreSQL 15 or later of your own.`,
    );
  }
}

/** In a session of its own: the Ctrl-C that stops the server must not stop PostgreSQL before the server has finished. */
function spawnDetached(account: PostgresAccount, binary: string, flags: readonly string[], log: string): ChildProcess {
  const { program, args } = account.command(binary, flags);
  const output = openSync(log, 'a');
  const child = spawn(program, args, {
    ...account.options,
    cwd: '/',
    detached: true,
    stdio: ['ignore', output, output],
    env: { PATH: process.env.PATH, LANG: 'C', LC_ALL: 'C' },
  });
  closeSync(output);
  child.unref();
  return child;
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('No free port.')),
      );
    });
  });
}

async function createDatabase(port: number, password: string): Promise<void> {
  const client = new Client({ connectionString: urlOf(port, password, 'postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${databaseName}`);
  } finally {
    await client.end();
  }
}
