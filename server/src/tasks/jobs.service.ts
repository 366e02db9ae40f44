import { Injectable } from '@nestjs/common';
import type { JobPage, JobSummary } from '@xflow/schemas';
import { Pool } from 'pg';
import { Clock } from '../clock/clock.js';
import { isUuid } from '../instances/is-uuid.js';
import { decodeCursor, endOfTime, pageOf } from '../paging/cursor.js';
import { usualAttempts } from '../task-dispatch/job-policy.js';
import { TaskExecutor } from '../task-dispatch/task-executor.js';
import type { JobQuery } from './jobs.dto.js';
import { findJobs, type JobPosition, type JobRow } from './sql/find-jobs.js';
import { taskId } from './task-id.js';

/** What handlers and workers have to do, and who does it. */
@Injectable()
export class JobsService {
  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly executor: TaskExecutor,
  ) {}

  /** A page of jobs by type, those of a type by the time from which they may be taken. */
  async list({ type, workflow, state, worker, userId, instanceId, cursor, limit }: JobQuery): Promise<JobPage> {
    const after = cursor === undefined ? null : positionOf(cursor);
    const mistaken = instanceId !== undefined && !isUuid(instanceId);
    // Of another type than the one that is asked for: the cursor is of another list.
    if (mistaken || (after !== null && type !== undefined && after.type !== type))
      return { items: [], nextCursor: null };
    const filter = {
      type: type ?? null,
      workflow: workflow ?? null,
      // What nobody has leased has no worker.
      state: state ?? (worker === undefined ? null : 'leased'),
      worker: worker ?? null,
      userId: userId ?? null,
      instanceId: instanceId ?? null,
    };
    const rows = await findJobs(this.pool, filter, after, this.clock.now(), limit + 1);
    const page = pageOf(rows, limit, (row) => [row.type, dueOf(row), row.instance_id, row.id]);
    return { items: page.rows.map((row) => this.toSummary(row)), nextCursor: page.nextCursor };
  }

  private toSummary(row: JobRow): JobSummary {
    const { state, worker, max_attempts, type } = row;
    const leased = state === 'leased';
    const at = row.next_attempt_at instanceof Date ? row.next_attempt_at.toISOString() : null;
    return {
      id: taskId(row),
      type,
      instanceId: row.instance_id,
      workflowKey: row.workflow_key,
      userId: row.subject_id,
      elementId: row.element_id,
      name: row.element_name ?? row.element_id,
      state,
      heldBy: !leased ? null : worker === null ? 'server' : 'worker',
      worker: leased ? worker : null,
      leasedUntil: leased ? at : null,
      retryAt: state === 'retry' ? at : null,
      attempts: row.attempts,
      maxAttempts: max_attempts ?? this.executor.policies.get(type)?.maxAttempts ?? usualAttempts,
      lastError: row.last_error,
      createdAt: row.created_at.toISOString(),
    };
  }
}

function positionOf(cursor: string): JobPosition {
  const [type, at, instanceId, id] = decodeCursor(cursor, ['string', 'time', 'uuid', 'string']) as [
    string,
    number,
    string,
    string,
  ];
  return { type, at, instanceId, id };
}

/** A number also where the job is never due. */
const dueOf = ({ next_attempt_at: at }: JobRow): number => (at instanceof Date ? at.getTime() : endOfTime);
