import type { Definition } from '@xflow/engine';
import type { PoolClient } from 'pg';
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
