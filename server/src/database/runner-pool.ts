import { Pool, type PoolConfig } from 'pg';
import type { ServerIdentity } from './server-identity.js';
import { GatheringClient } from './gathering-client.js';
import { poolConfig } from './pool-config.js';

/**
 * Settings of the sessions in which batches run. Every statement of a batch finds a bounded number of rows by key, so that going through
 * indexes in nested loops is always right, and plans may be kept for ever. The planner cannot know: it believes what the last ANALYZE saw,
 * and where that was an empty table, which now holds thousands of rows, it keeps a plan that reads all of them for every batch. Measured
 * with 4,000 instances, on a loaded machine: to lock 500 and take their commands, 84 ms without these settings, 11 ms with them; without, it grows
 * with the table.
 */
const settings = {
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  plan_cache_mode: 'force_generic_plan',
};

/**
 * The connections of the runner: one for every batch under way, one that listens, one to look what is due. Statements that are sent without
 * waiting for each other go in one round trip (`pipeline`), and with one system call (GatheringClient).
 */
export class RunnerPool extends Pool {
  constructor(url: string, identity: ServerIdentity) {
    const config: PoolConfig & { pipeline: boolean } = {
      ...poolConfig(url, identity),
      max: 5,
      pipeline: true,
      Client: GatheringClient,
      options: Object.entries(settings)
        .map(([name, value]) => `-c ${name}=${value}`)
        .join(' '),
    };
    super(config);
  }
}
