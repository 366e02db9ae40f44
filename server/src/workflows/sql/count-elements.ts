import type { ElementCounts } from '@xflow/schemas';
import type { Pool } from 'pg';

/**
 * Where the active instances of a workflow rest, and where they have incidents, by element; `version` null: of every version. Reads what was
 * counted and the few changes that are not folded yet, and no instances. Takes no locks.
 */
export async function countElements(pool: Pool, key: string, version: number | null): Promise<ElementCounts['items']> {
  const values = [key, version];
  return (await pool.query<ElementCounts['items'][number]>({ name: 'count-elements', text, values })).rows;
}

const text = `
  SELECT element_id AS "elementId", sum(instances)::bigint AS active, sum(incidents)::bigint AS incidents
  FROM (SELECT * FROM instance_count UNION ALL SELECT * FROM instance_count_change) AS c
  WHERE workflow_key = $1 AND element_id <> '' AND ($2::int IS NULL OR version = $2)
  GROUP BY element_id HAVING sum(instances) <> 0 OR sum(incidents) <> 0 ORDER BY element_id`;
