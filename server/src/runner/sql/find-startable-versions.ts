import type { Pool, PoolClient } from 'pg';

/** What of a workflow can be started. */
export interface StartableVersions {
  readonly key: string;
  readonly newest: number;
  /** Where starts go; null: nowhere. */
  readonly active: number | null;
  /** Can be started by their numbers, to try them. */
  readonly drafts: readonly number[];
}

/**
 * The versions of each of these workflows; those that were never deployed are missing. Locks: see find-archived-versions.ts; so what is started
 * here is seen by who undeploys its version, or publishes another one for those that run.
 */
export async function findStartableVersions(
  client: Pool | PoolClient,
  keys: readonly string[],
): Promise<ReadonlyMap<string, StartableVersions>> {
  if (keys.length === 0) return new Map();
  const { rows } = await client.query<StartableVersions>({ name: 'find-startable-versions', text, values: [keys] });
  return new Map(rows.map((row) => [row.key, row]));
}

const text = `
  SELECT key, max(version) AS newest, max(version) FILTER (WHERE state = 'active') AS active,
    coalesce(array_agg(version) FILTER (WHERE state = 'draft'), '{}') AS drafts
  FROM definition WHERE key = ANY($1) GROUP BY key`;
