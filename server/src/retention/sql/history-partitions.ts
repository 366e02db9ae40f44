import type { Pool, PoolClient } from 'pg';
import type { Month } from '../history-partitions.js';

/** Names of the partitions of `history`. */
export async function findPartitions(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'history'::regclass ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/**
 * Makes a partition beside the table and attaches it: CREATE ... PARTITION OF would keep everyone from the table. Locks: `history` against other
 * changes of it only (SHARE UPDATE EXCLUSIVE), its default partition against everything while it is looked through; gives up after 2 seconds of waiting.
 */
export async function makePartition(client: PoolClient, { table, from, to }: Month): Promise<void> {
  await client.query(`SET LOCAL lock_timeout = '2s'`);
  // Whoever makes the same partition at the same time takes turns: CREATE TABLE IF NOT EXISTS alone would fail.
  await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('history partitions', 7310))`);
  const { rowCount } = await client.query(
    `SELECT FROM pg_inherits WHERE inhparent = 'history'::regclass AND inhrelid = to_regclass($1)`,
    [table],
  );
  if (rowCount! > 0) return;
  await client.query(`CREATE TABLE IF NOT EXISTS ${table} (LIKE history INCLUDING ALL)`);
  await client.query(`ALTER TABLE history ATTACH PARTITION ${table} FOR VALUES FROM ('${from}') TO ('${to}')`);
}

/** Whether an instance of that month is active, or ended at `cutoff` or later (milliseconds since 1970). Reads ids of that month only; no locks. */
export async function isPartitionNeeded(client: PoolClient, { from, to }: Month, cutoff: number): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM instance WHERE id >= $1 AND id < $2 AND (ended_at IS NULL OR ended_at >= $3) LIMIT 1`,
    [from, to, new Date(cutoff)],
  );
  return rowCount! > 0;
}

/** Locks: `history` against everyone, for a moment; gives up after 2 seconds of waiting. */
export async function dropPartition(client: PoolClient, table: string): Promise<void> {
  await client.query(`SET LOCAL lock_timeout = '2s'`);
  await client.query(`DROP TABLE ${table}`);
}
