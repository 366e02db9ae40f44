import { Injectable } from '@nestjs/common';
import type { Json, Variables } from '@xflow/engine';
import type { UserTask } from '@xflow/schemas';
import { Pool } from 'pg';
import { ConflictError, NotFoundError } from '../http-problems/problem-error.js';
import { isUuid } from '../instances/is-uuid.js';
import { decodeCursor, pageOf } from '../paging/cursor.js';
import { Runner } from '../runner/runner.js';
import type { TaskQuery } from './tasks.dto.js';

interface UserTaskRow {
  readonly subject_id: string;
  readonly instance_id: string;
  readonly id: string;
  readonly workflow_key: string;
  readonly element_id: string;
  readonly element_name: string | null;
  readonly config: {
    readonly form?: { readonly fields?: UserTask['form'] };
    readonly lane?: string;
    readonly candidateUsers?: string[];
    readonly candidateGroups?: string[];
  };
  readonly input: Record<string, unknown>;
  readonly created_at: Date;
}

/** Decisions that wait for a person. */
@Injectable()
export class TasksService {
  constructor(
    private readonly pool: Pool,
    private readonly runner: Runner,
  ) {}

  /** A page of open tasks, oldest first. */
  async list({
    userId,
    instanceId,
    cursor,
    limit,
  }: TaskQuery): Promise<{ items: UserTask[]; nextCursor: string | null }> {
    if (instanceId !== undefined && !isUuid(instanceId)) return { items: [], nextCursor: null };
    const [at, afterInstance, afterId] = cursor === undefined ? [] : decodeCursor(cursor, ['time', 'uuid', 'string']);
    const { rows } = await this.pool.query<UserTaskRow>(
      `SELECT subject_id, instance_id, id, workflow_key, element_id, element_name, config, input, created_at
       FROM task WHERE kind = 'user' AND ($1::text IS NULL OR subject_id = $1) AND ($2::uuid IS NULL OR instance_id = $2)
         AND ($3::bigint IS NULL OR (created_at, instance_id::text, id) > (to_timestamp($3::bigint / 1000.0), $4, $5))
       ORDER BY created_at, instance_id::text, id LIMIT $6`,
      [userId ?? null, instanceId ?? null, at ?? null, afterInstance ?? null, afterId ?? null, limit + 1],
    );
    const page = pageOf(rows, limit, (row) => [row.created_at.getTime(), row.instance_id, row.id]);
    return { items: page.rows.map(toUserTask), nextCursor: page.nextCursor };
  }

  /**
   * @param id `instanceId:taskId`
   * @throws {NotFoundError} where there is no such task, or it is over.
   */
  async complete(id: string, result: Variables): Promise<void> {
    const [instanceId = '', ...rest] = id.split(':');
    const taskId = rest.join(':');
    const rows = isUuid(instanceId)
      ? (
          await this.pool.query<{ subject_id: string }>(
            `SELECT t.subject_id FROM instance i JOIN task t ON t.subject_id = i.subject_id AND t.instance_id = i.id
             WHERE i.id = $1 AND t.id = $2 AND t.kind = 'user'`,
            [instanceId, taskId],
          )
        ).rows
      : [];
    const row = rows[0];
    if (!row)
      throw new NotFoundError(
        `There is no open task "${id}". It may have been completed, or its instance went on without it; GET /api/tasks lists the open ones.`,
      );
    const completed = await this.runner.submit({
      kind: 'input',
      subjectId: row.subject_id,
      instanceId,
      input: { kind: 'task-completed', taskId, result: result as Json },
      keep: false,
    });
    if (!completed)
      throw new ConflictError(`Task "${id}" was completed or withdrawn at the same moment. There is nothing to do.`);
  }
}

function toUserTask(row: UserTaskRow): UserTask {
  return {
    id: `${row.instance_id}:${row.id}`,
    instanceId: row.instance_id,
    workflowKey: row.workflow_key,
    userId: row.subject_id,
    elementId: row.element_id,
    name: row.element_name ?? row.element_id,
    form: row.config.form?.fields ?? [],
    lane: row.config.lane ?? null,
    candidateUsers: row.config.candidateUsers ?? [],
    candidateGroups: row.config.candidateGroups ?? [],
    input: row.input,
    createdAt: row.created_at.toISOString(),
  };
}
