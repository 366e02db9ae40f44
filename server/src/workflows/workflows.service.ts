import { Injectable } from '@nestjs/common';
import { compile } from '@xflow/engine';
import type { Workflow, WorkflowSummary } from '@xflow/schemas';
import { Pool } from 'pg';
import { NotFoundError } from '../http-problems/problem-error.js';
import type { VersionState } from './version-state.js';
import { TaskCatalog } from '../runner/task-catalog.js';

interface WorkflowRow {
  readonly key: string;
  readonly name: string;
  readonly version: number;
  readonly created_at: Date;
  readonly state: VersionState;
  /** Of the workflow. */
  readonly active: number | null;
}

const noInstances = { active: 0, completed: 0, terminated: 0, cancelled: 0, error: 0, incidents: 0 };

/** What is deployed. */
@Injectable()
export class WorkflowsService {
  constructor(
    private readonly pool: Pool,
    private readonly catalog: TaskCatalog,
  ) {}

  /** Every workflow that is not archived, in its newest version, by key. */
  async list(): Promise<WorkflowSummary[]> {
    const { rows } = await this.pool.query<WorkflowRow>(
      `SELECT DISTINCT ON (key) key, name, version, created_at, state,
         max(version) FILTER (WHERE state = 'active') OVER (PARTITION BY key) AS active
       FROM definition WHERE state <> 'archived' ORDER BY key, version DESC`,
    );
    const counts = await this.countInstances(null);
    return rows.map((row) => summary(row, counts));
  }

  /**
   * One version of a workflow with its diagram; the newest where `version` is null.
   * @throws {NotFoundError} where there is none.
   */
  async get(key: string, version: number | null): Promise<Workflow> {
    const { rows } = await this.pool.query<WorkflowRow>(
      `SELECT key, name, version, created_at, state, max(version) FILTER (WHERE state = 'active') OVER () AS active
       FROM definition WHERE key = $1 ORDER BY version DESC`,
      [key],
    );
    const newest = rows[0];
    if (!newest) throw new NotFoundError(`Workflow "${key}" is not deployed. Deploy it, or correct the key.`);
    const wanted = version === null ? newest : rows.find((row) => row.version === version);
    if (!wanted)
      throw new NotFoundError(
        `Workflow "${key}" has no version ${version}; it has 1 to ${newest.version}. Ask for one of those.`,
      );
    const found = await this.pool.query<{ xml: string }>(
      'SELECT xml FROM definition JOIN deployment ON deployment.id = deployment_id WHERE key = $1 AND version = $2',
      [key, wanted.version],
    );
    const xml = found.rows[0]!.xml;
    const counted = await this.pool.query<{ version: number; running: number }>(
      `SELECT version, count(*)::int AS running FROM instance WHERE workflow_key = $1 AND status = 'active' GROUP BY version`,
      [key],
    );
    const running = new Map(counted.rows.map((row) => [row.version, row.running]));
    const { problems } = await compile(xml, { taskTypes: this.catalog.types });
    return {
      ...summary(wanted, await this.countInstances(key)),
      xml,
      versions: rows.map((row) => ({
        version: row.version,
        state: row.state,
        running: running.get(row.version) ?? 0,
        deployedAt: row.created_at.toISOString(),
      })),
      problems: [...problems],
    };
  }

  /** Counts over all versions. */
  private async countInstances(key: string | null): Promise<ReadonlyMap<string, WorkflowSummary['instances']>> {
    const { rows } = await this.pool.query<{
      key: string;
      status: keyof typeof noInstances;
      n: number;
      incidents: number;
    }>(
      `SELECT workflow_key AS key, status, count(*) AS n, count(*) FILTER (WHERE open_incidents > 0) AS incidents
       FROM instance WHERE $1::text IS NULL OR workflow_key = $1 GROUP BY workflow_key, status`,
      [key],
    );
    const counts = new Map<string, WorkflowSummary['instances']>();
    for (const row of rows) {
      const count = counts.get(row.key) ?? { ...noInstances };
      count[row.status] = row.n;
      if (row.status === 'active') count.incidents = row.incidents;
      counts.set(row.key, count);
    }
    return counts;
  }
}

function summary(row: WorkflowRow, counts: ReadonlyMap<string, WorkflowSummary['instances']>): WorkflowSummary {
  return {
    key: row.key,
    name: row.name,
    version: row.version,
    state: row.state,
    activeVersion: row.active,
    deployedAt: row.created_at.toISOString(),
    instances: counts.get(row.key) ?? { ...noInstances },
  };
}
