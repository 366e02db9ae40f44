import { DataSource } from 'typeorm';
import { Tables } from './migrations/0001-tables.js';
import { SignalsAndBounds } from './migrations/0002-signals-and-bounds.js';
import { Decisions } from './migrations/0003-decisions.js';
import { Broadcasts } from './migrations/0004-broadcasts.js';
import { TaskLeases } from './migrations/0006-task-leases.js';
import { JobLimits } from './migrations/0007-job-limits.js';
import { Operating } from './migrations/0008-operating.js';
import { VersionStates } from './migrations/0009-version-states.js';
import { EventStarts } from './migrations/0010-event-starts.js';
import { HistoryPartitions } from './migrations/0011-history-partitions.js';
import { TaskBackoff } from './migrations/0015-task-backoff.js';
import { SearchableVariables } from './migrations/0018-searchable-variables.js';
import { InstanceCounts } from './migrations/0022-instance-counts.js';
import { OrphanedVariables } from './migrations/0023-orphaned-variables.js';
import { StoredFormats } from './migrations/0025-stored-formats.js';

/** Every migration, in its order. A migration that was released is never edited: a change is a new one. */
const migrations = [
  Tables,
  SignalsAndBounds,
  Decisions,
  Broadcasts,
  TaskLeases,
  JobLimits,
  Operating,
  VersionStates,
  EventStarts,
  HistoryPartitions,
  TaskBackoff,
  SearchableVariables,
  InstanceCounts,
  OrphanedVariables,
  StoredFormats,
];

/** Any number that no other user of advisory locks in this database takes. */
const migrationLock = 7_310_001;

/**
 * Brings the tables of the database up to this version. Servers that start together take turns.
 * @throws an Error that tells what to do when the database cannot be reached or changed.
 */
export async function migrate(url: string): Promise<void> {
  const source = new DataSource({ type: 'postgres', url, migrations, migrationsTableName: 'migration', poolSize: 2 });
  try {
    await source.initialize();
  } catch (error) {
    throw new Error(
      `The database cannot be reached: ${error instanceof Error ? error.message : String(error)}. ` +
        `Check that DATABASE_URL names a running PostgreSQL 15 or later, with user, password and database.`,
      { cause: error },
    );
  }
  const lock = source.createQueryRunner();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await source.runMigrations({ transaction: 'each' });
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [migrationLock]);
    await lock.release();
    await source.destroy();
  }
}
