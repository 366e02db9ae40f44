import type { Pool, PoolClient } from 'pg';

export interface NewestDecision {
  readonly id: string;
  readonly version: number;
  readonly deployment_id: string;
  readonly checksum: string;
}

/** The newest versions of these decisions; one that is not deployed is missing. Takes no locks: versions are never removed. */
export async function findNewestDecisions(
  client: Pool | PoolClient,
  ids: readonly string[],
): Promise<ReadonlyMap<string, NewestDecision>> {
  const { rows } = await client.query<NewestDecision>({ name: 'find-newest-decisions', text, values: [ids] });
  return new Map(rows.map((row) => [row.id, row]));
}

const text = `
  SELECT DISTINCT ON (decision.id) decision.id, version, deployment_id, checksum
  FROM decision JOIN deployment ON deployment.id = deployment_id
  WHERE decision.id = ANY($1) ORDER BY decision.id, version DESC`;
