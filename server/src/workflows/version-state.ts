import type { Definition } from '@xflow/engine';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError, type Pool, type PoolClient } from 'pg';
import { UnavailableError } from '../http-problems/problem-error.js';
import { inTransaction } from '../runner/transaction.js';
import { removeStarts, saveStarts } from './start-events.js';

/**
 * `draft`: runs only where a start names it. `active`: all starts go to it; one version of a workflow at most. `inactive`: starts nothing any more,
 * and what runs on it goes on. `archived`: nothing runs on it, and nothing will; kept for the histories of what did.
 */
export type VersionState = 'draft' | 'active' | 'inactive' | 'archived';

/** Deploys, and changes of states, take turns under this lock, so that versions are numbered without gaps, and one at most is active. */
export const deployLock = 7_310_002;

/**
 * Makes a version the active one, in place of the one that was; expects the lock to be held.
 * @throws {UnprocessableError} where one of its start events can never begin an instance.
 */
export async function activate(
  client: PoolClient,
  definition: Definition,
  version: number,
  now: number,
): Promise<void> {
  await client.query(`UPDATE definition SET state = 'inactive' WHERE key = $1 AND state = 'active'`, [definition.key]);
  await setState(client, definition.key, version, 'active');
  await saveStarts(client, definition, version, now);
}

/** Milliseconds that starts may have to wait for what changes versions, and how often it is tried. */
const longestWait = 200;
const mostTries = 10;

/**
 * Runs `work` in a transaction under {@link deployLock} in which no instance is being started or migrated: batches that have looked which versions there
 * are (sql/find-startable-versions.ts) commit first, and later ones see what the work has changed. Who reads a table keeps it from being locked as a
 * whole until its transaction ends, so that starts pay nothing for this. Something else that reads for long (a backup) is given way to, again and again.
 * @throws {UnavailableError} when it reads for too long
 */
export async function whileNothingStarts<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await inTransaction(pool, async (client) => {
        await client.query('SELECT pg_advisory_xact_lock($1)', [deployLock]);
        await client.query(`SET LOCAL lock_timeout = ${longestWait}`);
        await client.query('LOCK TABLE definition IN ACCESS EXCLUSIVE MODE');
        await client.query('SET LOCAL lock_timeout = DEFAULT');
        return await work(client);
      });
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.code !== lockNotAvailable) throw error;
      if (tries >= mostTries)
        throw new UnavailableError(
          'Something reads the versions of workflows without an end (a backup, an open transaction), so that they cannot be changed. Nothing was done: send the request again when it is over.',
        );
      await sleep(tries * 10);
    }
  }
}
const lockNotAvailable = '55P03';

/** Ends a version's being active, if it is; expects the lock to be held. */
export async function retire(
  client: PoolClient,
  key: string,
  version: number,
  state: 'inactive' | 'archived',
): Promise<void> {
  const { rows } = await client.query<{ state: VersionState }>(
    'SELECT state FROM definition WHERE key = $1 AND version = $2',
    [key, version],
  );
  if (rows[0]?.state === 'active') await removeStarts(client, key);
  await setState(client, key, version, state);
}

async function setState(client: PoolClient, key: string, version: number, state: VersionState): Promise<void> {
  await client.query('UPDATE definition SET state = $3 WHERE key = $1 AND version = $2', [key, version, state]);
}
