import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { EmbeddedPostgres } from '../dist/database/embedded-postgres.js';
import { migrate } from '../dist/database/migrate.js';

/** The server's own PostgreSQL with its own settings (fsync and synchronous_commit on), on the disk of the working copy. */
export class BenchPostgres {
  static async start(settings = {}) {
    const home = mkdtempSync(path.join(fileURLToPath(new URL('.', import.meta.url)), '.data-'));
    const running = await EmbeddedPostgres.start({ home, settings });
    return new BenchPostgres(home, running);
  }

  constructor(home, running) {
    this.home = home;
    this.running = running;
    this.pid = Number(readFileSync(path.join(home, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  /** An empty database with the server's tables and so many users, `user-0` and on; returns its URL. */
  async database(name, users = 0) {
    await this.query(this.running.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await this.query(this.running.url, `CREATE DATABASE ${name}`);
    const url = new URL(this.running.url);
    url.pathname = name;
    await migrate(url.href);
    await addUsers(url.href, 0, users);
    return url.href;
  }

  async query(url, text, values = []) {
    return await query(url, text, values);
  }

  async stop() {
    await this.running.stop();
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Adds the users `user-<from>` to `user-<to - 1>`. */
export async function addUsers(url, from, to) {
  if (to > from)
    await query(
      url,
      `INSERT INTO user_profile (subject_id, created_at, updated_at)
       SELECT 'user-' || number, now(), now() FROM generate_series($1::int, $2::int) AS number`,
      [from, to - 1],
    );
}

/** One statement on a connection of its own; returns the rows. */
export async function query(url, text, values = []) {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}
