import type { UserLifecycle } from '@xflow/schemas';
import type { Pool } from 'pg';

type Transition = UserLifecycle['transitions'][number];

/** A row of user_change, as JSON. */
export interface StoredUserChange {
  readonly at: string | Date;
  readonly kind: Transition['kind'];
  readonly from_value: string | null;
  readonly to_value: string | null;
  readonly detail: Record<string, unknown>;
  readonly reason: string;
  readonly instance_id: string | null;
  readonly workflow_key: string | null;
  readonly element_id: string | null;
}

export function toUserChange(row: StoredUserChange): Transition {
  return {
    at: new Date(row.at).toISOString(),
    kind: row.kind,
    from: row.from_value,
    to: row.to_value,
    detail: row.detail,
    reason: row.reason,
    instanceId: row.instance_id,
    workflowKey: row.workflow_key,
    elementId: row.element_id,
  };
}

/** The newest 1,000 changes of stage and tier of a user, oldest first. */
export async function readTransitions(pool: Pool, userId: string): Promise<Transition[]> {
  const { rows } = await pool.query<StoredUserChange>(
    `SELECT at, kind, from_value, to_value, detail, reason, instance_id, workflow_key, element_id FROM user_change
     WHERE subject_id = $1 AND kind IN ('stage', 'tier') ORDER BY id DESC LIMIT 1000`,
    [userId],
  );
  return rows.map(toUserChange).reverse();
}
