import type { PoolClient } from 'pg';
import type { InstanceState } from '@xflow/engine';
import { toTimestamp } from './statement.js';

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
  readonly state: InstanceState;
  readonly started_at: Date;
}

/**
 * Locks the instances of a batch: those that requests name, and those with commands due by `now`, at most `limit` commands.
 *
 * Locks: the rows of these commands, then the instances in the order of their key. Both SKIP LOCKED: two runners take
 * different work, and no runner ever waits here, so that nothing can deadlock with it. A command whose instance another
 * runner holds is given back at the commit. The commands themselves are taken by take-commands.ts: a later statement, for
 * its snapshot must be younger than the locks.
 */
export async function lockInstances(
  client: PoolClient,
  wanted: readonly InstanceKey[],
  now: number,
  limit: number,
): Promise<readonly InstanceRow[]> {
  const { rows } = await client.query<InstanceRow>({
    name: 'lock-instances',
    text,
    values: [wanted.map((key) => key.subjectId), wanted.map((key) => key.instanceId), toTimestamp(now), limit],
  });
  return rows;
}

const text = `
  WITH due AS (
    SELECT subject_id, instance_id FROM command WHERE due_at <= $3 ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED
  ), wanted AS (
    SELECT subject_id, instance_id FROM due
    UNION
    SELECT * FROM unnest($1::text[], $2::uuid[]) AS named (subject_id, instance_id)
  )
  SELECT i.subject_id, i.id, i.workflow_key, i.version, i.parent_instance_id, i.parent_call_id, i.call_depth,
         i.business_key, i.status, i.revision, i.open_incidents, i.state, i.started_at
  FROM instance i JOIN wanted w ON i.subject_id = w.subject_id AND i.id = w.instance_id
  ORDER BY i.subject_id, i.id
  FOR UPDATE OF i SKIP LOCKED`;
