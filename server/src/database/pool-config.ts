import { types, type Pool, type PoolConfig } from 'pg';
import type { ServerIdentity } from './server-identity.js';

/** PostgreSQL's type number of bigint. Ours count revisions, and stay far below 2^53. */
const bigintType = 20;

/** What all pools of the server have in common. */
export function poolConfig(url: string, identity: ServerIdentity): PoolConfig {
  return {
    connectionString: url,
    application_name: identity.applicationName,
    types: {
      getTypeParser: (id: number, format?: 'text' | 'binary') =>
        id === bigintType ? Number : (types.getTypeParser(id, format ?? 'text') as (text: string) => unknown),
    } as typeof types,
  };
}

/**
 * Makes a connection that breaks fail the statement under way, and be replaced at the next use. Without listeners, one that breaks between two
 * statements would end the process.
 */
export function surviveBrokenConnections<P extends Pool>(pool: P): P {
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
