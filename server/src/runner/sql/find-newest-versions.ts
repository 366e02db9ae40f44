import type { Pool, PoolClient } from 'pg';

/** The newest version of each of these workflows; those that were never deployed are missing. Takes no locks. */
export async function findNewestVersions(
  client: Pool | PoolClient,
  keys: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (keys.length === 0) return new Map();
  const { rows } = await client.query<{ key: string; version: number }>({
    name: 'find-newest-versions',
    text,
    values: [keys],
  });
  return new Map(rows.map((row) => [row.key, row.version]));
}

const text = `SELECT key, max(version) AS version FROM definition WHERE key = ANY($1) GROUP BY key`;
