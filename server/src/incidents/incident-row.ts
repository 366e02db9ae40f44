import type { Incident } from '@xflow/schemas';

/** A row of the table `incident`. */
export interface IncidentRow {
  readonly subject_id: string;
  readonly instance_id: string;
  readonly id: string;
  readonly workflow_key: string;
  readonly element_id: string;
  readonly type: string;
  readonly reason: string;
  readonly remedy: string;
  readonly choices: string[];
  readonly raised_at: Date;
  readonly resolved_at: Date | null;
}

export function toIncident(row: IncidentRow): Incident {
  return {
    id: row.id,
    instanceId: row.instance_id,
    workflowKey: row.workflow_key,
    userId: row.subject_id,
    elementId: row.element_id,
    type: row.type,
    reason: row.reason,
    remedy: row.remedy,
    choices: row.choices,
    raisedAt: row.raised_at.toISOString(),
    resolvedAt: row.resolved_at?.toISOString() ?? null,
  };
}
