import type { PoolClient } from 'pg';

/** A conditional start event of the active version of a workflow; `part` numbers the conditions of one start event. */
export interface ConditionStartRow {
  readonly workflow_key: string;
  readonly element_id: string;
  readonly part: number;
  readonly version: number;
}

/** All conditional start events that are deployed. Takes no locks. */
export async function findConditionStarts(client: PoolClient): Promise<readonly ConditionStartRow[]> {
  const { rows } = await client.query<ConditionStartRow>({ name: 'find-condition-starts', text });
  return rows;
}

const text = `SELECT workflow_key, element_id, part, version FROM condition_start ORDER BY workflow_key, element_id, part`;
