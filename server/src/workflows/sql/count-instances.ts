import type { WorkflowSummary } from '@xflow/schemas';
import type { Pool } from 'pg';

/** How many instances of a version have this status, and how many of these have open incidents. */
export interface InstanceCountRow {
  readonly workflow_key: string;
  readonly version: number;
  readonly status: Exclude<keyof WorkflowSummary['instances'], 'incidents'>;
  readonly instances: number;
  readonly incidents: number;
}

/**
 * The numbers of instances of a workflow; null: of all. Reads what was counted and the few changes that are not folded yet, and no instances.
 * Takes no locks.
 */
export async function countInstances(pool: Pool, workflowKey: string | null): Promise<readonly InstanceCountRow[]> {
  return (await pool.query<InstanceCountRow>(text, [workflowKey])).rows;
}

const text = `
  SELECT workflow_key, version, status, sum(instances)::bigint AS instances, sum(incidents)::bigint AS incidents
  FROM (SELECT * FROM instance_count UNION ALL SELECT * FROM instance_count_change) AS c
  WHERE element_id = '' AND ($1::text IS NULL OR workflow_key = $1) GROUP BY 1, 2, 3`;
