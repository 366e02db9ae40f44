import type { InstanceSummary } from '@xflow/schemas';

/** Columns of an instance that lists show, from `instance i JOIN definition d`. */
export const summaryColumns = `i.subject_id, i.id, i.workflow_key, d.name AS workflow_name, i.version, i.business_key, i.status,
  i.started_at, i.ended_at, i.waiting_at, i.open_incidents, i.suspended_at`;

export const summarySource = `instance i JOIN definition d ON d.key = i.workflow_key AND d.version = i.version`;

export interface InstanceSummaryRow {
  readonly subject_id: string;
  readonly id: string;
  readonly workflow_key: string;
  readonly workflow_name: string;
  readonly version: number;
  readonly business_key: string | null;
  readonly status: InstanceSummary['status'];
  readonly started_at: Date;
  readonly ended_at: Date | null;
  readonly waiting_at: string[];
  readonly open_incidents: number;
  readonly suspended_at: Date | null;
}

export function toSummary(row: InstanceSummaryRow): InstanceSummary {
  return {
    id: row.id,
    workflowKey: row.workflow_key,
    workflowName: row.workflow_name,
    version: row.version,
    userId: row.subject_id,
    businessKey: row.business_key,
    status: row.status,
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    waitingAt: row.waiting_at,
    openIncidents: row.open_incidents,
    suspendedAt: row.suspended_at?.toISOString() ?? null,
  };
}
