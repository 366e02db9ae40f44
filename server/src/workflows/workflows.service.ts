import { Injectable } from '@nestjs/common';
import type { ElementCounts, Workflow, WorkflowSummary } from '@xflow/schemas';
import { Pool } from 'pg';
import { NotFoundError } from '../http-problems/problem-error.js';
import type { VersionState } from './version-state.js';
import { countElements } from './sql/count-elements.js';
import { DefinitionCache } from '../runner/definition-cache.js';
import { countInstances, type InstanceCountRow } from './sql/count-instances.js';

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
    private readonly definitions: DefinitionCache,
  ) {}

  /** Every workflow that is not archived, in its newest version, by key. */
  async list(): Promise<WorkflowSummary[]> {
    const { rows } = await this.pool.query<WorkflowRow>(
      `SELECT DISTINCT ON (key) key, name, version, created_at, state,
         max(version) FILTER (WHERE state = 'active') OVER (PARTITION BY key) AS active
       FROM definition WHERE state <> 'archived' ORDER BY key, version DESC`,
    );
    const counts = new Map<string, InstanceCountRow[]>();
    for (const count of await countInstances(this.pool, null)) {
      const ofWorkflow = counts.get(count.workflow_key);
      if (ofWorkflow) ofWorkflow.push(count);
      else counts.set(count.workflow_key, [count]);
    }
    return rows.map((row) => summary(row, counts.get(row.key) ?? []));
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
    const [found, counts, problems] = await Promise.all([
      this.pool.query<{ xml: string }>(
        'SELECT xml FROM definition JOIN deployment ON deployment.id = deployment_id WHERE key = $1 AND version = $2',
        [key, wanted.version],
      ),
      countInstances(this.pool, key),
      this.definitions.problems(key, wanted.version),
    ]);
    return {
      ...summary(wanted, counts),
      xml: found.rows[0]!.xml,
      versions: rows.map((row) => ({
        version: row.version,
        state: row.state,
        running: runningOn(counts, row.version),
        deployedAt: row.created_at.toISOString(),
      })),
      problems: [...problems],
    };
  }

  /**
   * Where the active instances are; `version` null: those of every version.
   * @throws {NotFoundError} where there is no such workflow.
   */
  async elements(key: string, version: number | null): Promise<ElementCounts> {
    const { rows } = await this.pool.query('SELECT FROM definition WHERE key = $1 LIMIT 1', [key]);
    if (rows.length === 0) throw new NotFoundError(`Workflow "${key}" is not deployed. Deploy it, or correct the key.`);
    return { items: await countElements(this.pool, key, version) };
  }
}

const runningOn = (counts: readonly InstanceCountRow[], version: number): number =>
  counts.find((count) => count.version === version && count.status === 'active')?.instances ?? 0;

/** @param counts of the workflow. */
function summary(row: WorkflowRow, counts: readonly InstanceCountRow[]): WorkflowSummary {
  const instances = { ...noInstances };
  for (const count of counts) {
    instances[count.status] += count.instances;
    if (count.status === 'active') instances.incidents += count.incidents;
  }
  return {
    key: row.key,
    name: row.name,
    version: row.version,
    state: row.state,
    activeVersion: row.active,
    deployedAt: row.created_at.toISOString(),
    instances,
  };
}
