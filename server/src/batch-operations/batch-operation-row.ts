import type { ElementPair } from '@xflow/engine';
import type { BatchOperation, StartBatchOperationRequest } from '@xflow/schemas';
import type { InstanceFilter } from '../instances/instance-filter.js';

/** A row of the table `batch_operation`. */
export interface BatchOperationRow {
  readonly id: string;
  readonly action: BatchOperation['action'];
  readonly detail: {
    readonly version?: number;
    readonly mapping?: readonly ElementPair[];
    readonly incidents?: StartBatchOperationRequest['incidents'];
  };
  readonly filter: InstanceFilter;
  readonly status: BatchOperation['status'];
  readonly rate: number;
  readonly collected_to: string | null;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly created_at: Date;
  readonly ended_at: Date | null;
}

export function toBatchOperation(row: BatchOperationRow): BatchOperation {
  return {
    id: row.id,
    action: row.action,
    filter: { ...row.filter },
    version: row.detail.version ?? null,
    mapping: [...(row.detail.mapping ?? [])],
    incidents: row.detail.incidents ? { ...row.detail.incidents } : null,
    status: row.status,
    total: row.total,
    done: row.done,
    failed: row.failed,
    ratePerSecond: row.rate,
    createdAt: row.created_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}
