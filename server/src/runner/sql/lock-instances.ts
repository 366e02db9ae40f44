import type { PoolClient } from 'pg';
import type { StoredState } from '@xflow/engine';

export interface InstanceKey {
  readonly subjectId: string;
  readonly instanceId: string;
}

export interface InstanceRow {
  readonly subject_id: string;
  readonly id: string;
  readonly workflow_key: string;
  readonly version: number;
  readonly parent_instance_id: string | null;
  readonly parent_call_id: string | null;
  readonly call_depth: number;
  readonly business_key: string | null;
  readonly status: string;
  readonly revision: number;
  readonly open_incidents: number;
  readonly waiting_at: readonly string[];
  readonly state: StoredState;
  readonly suspended_at: Date | null;
  /** In which it was written: stored-format.ts. */
  readonly format: number;
}

/** Of `instance i`: what a batch needs of an instance. */
export const instanceColumns = `i.subject_id, i.id, i.workflow_key, i.version, i.parent_instance_id, i.parent_call_id, i.call_depth,
  i.business_key, i.status, i.revision, i.open_incidents, i.waiting_at, i.state, i.suspended_at, i.format`;

/**
 * Locks the instances that requests name. Those that another batch holds are missing: SKIP LOCKED, so that no batch ever waits here, and nothing
 * can deadlock with it.
 */
export async function lockInstances(
  client: PoolClient,
  wanted: readonly InstanceKey[],
): Promise<readonly InstanceRow[]> {
  if (wanted.length === 0) return [];
  const { rows } = await client.query<InstanceRow>({
    name: 'lock-instances',
    text,
    values: [wanted.map((key) => key.subjectId), wanted.map((key) => key.instanceId)],
  });
  return rows;
}

const text = `
  SELECT ${instanceColumns}
  FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::uuid[])) AS wanted (subject_id, id)
  JOIN instance i ON i.subject_id = wanted.subject_id AND i.id = wanted.id
  FOR UPDATE OF i SKIP LOCKED`;
