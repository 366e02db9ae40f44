import { Injectable } from '@nestjs/common';
import { inspect, stateFromJson, type StoredState, type ProfileAnswer } from '@xflow/engine';
import { Pool } from 'pg';
import { Coalescer } from '../coalescer/coalescer.js';
import { DefinitionCache } from '../runner/definition-cache.js';
import { checkReadable } from '../runner/stored-format.js';
import { TaskFailure } from '../task-dispatch/task-executor.js';
import type { JobContext } from './task-handler.js';

interface Row {
  readonly instance_id: string;
  readonly workflow_key: string;
  readonly version: number;
  readonly business_key: string | null;
  readonly started_at: Date;
  readonly state: StoredState;
  readonly format: number;
  readonly user: ProfileAnswer;
}

/** Reads what jobs want to know about their user and instance; of jobs that run together, in one statement. */
@Injectable()
export class JobContextReader {
  private readonly rows = new Coalescer<{ subjectId: string; instanceId: string }, Row | null>((keys) =>
    this.load(keys),
  );

  constructor(
    private readonly pool: Pool,
    private readonly definitions: DefinitionCache,
  ) {}

  /** @throws TaskFailure when the instance is gone */
  async read(subjectId: string, instanceId: string): Promise<JobContext> {
    const row = await this.rows.get({ subjectId, instanceId });
    if (row === null) {
      throw new TaskFailure(
        `The instance ${instanceId} is no longer there.`,
        'Nothing is left to do for this job.',
        false,
      );
    }
    checkReadable(instanceId, row.format);
    const definition = await this.definitions.get(row.workflow_key, row.version);
    return {
      user: row.user,
      variables: inspect(definition, stateFromJson(row.state)).variables,
      instance: {
        id: row.instance_id,
        workflowKey: row.workflow_key,
        version: row.version,
        businessKey: row.business_key,
        startedAt: row.started_at.toISOString(),
      },
    };
  }

  private async load(keys: readonly { subjectId: string; instanceId: string }[]): Promise<(Row | null)[]> {
    const { rows } = await this.pool.query<Row>({
      name: 'job-contexts',
      text: `SELECT i.id AS instance_id, i.workflow_key, i.version, i.business_key, i.started_at, i.state, i.format,
               json_build_object('id', i.subject_id, 'attributes', coalesce(u.attributes, '{}'), 'tags', coalesce(u.tags, '{}'),
                 'stage', u.stage, 'tier', u.tier, 'points', coalesce(u.points, 0)) AS user
             FROM unnest($1::text[], $2::uuid[]) AS asked (subject_id, id)
             JOIN instance i ON i.subject_id = asked.subject_id AND i.id = asked.id
             LEFT JOIN user_profile u ON u.subject_id = i.subject_id`,
      values: [keys.map((key) => key.subjectId), keys.map((key) => key.instanceId)],
    });
    const byId = new Map(rows.map((row) => [row.instance_id, row]));
    return keys.map((key) => byId.get(key.instanceId) ?? null);
  }
}
