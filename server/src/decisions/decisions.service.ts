import { createHash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { compileDecisions, type Decision } from '@xflow/engine';
import type { DecisionDeployment, DecisionSummary, DeployedDecision } from '@xflow/schemas';
import { Pool } from 'pg';
import { Clock } from '../clock/clock.js';
import { NotFoundError, UnprocessableError } from '../http-problems/problem-error.js';
import { toTimestamp } from '../runner/sql/statement.js';
import { inTransaction } from '../runner/transaction.js';
import { findNewestDecisions } from './sql/find-newest-decisions.js';

/** Deploys of decisions take turns under this lock, so that versions are numbered without gaps. */
const deployLock = 7_310_003;

interface DecisionRow {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly created_at: Date;
}

/** Takes DMN files into the server: all of their decisions, or none. */
@Injectable()
export class DecisionsService {
  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
  ) {}

  /**
   * Every decision of the file becomes a new version, unless the file is the one that made the newest version. Business rule tasks
   * are answered in the newest version from then on.
   * @throws {UnprocessableError} listing every problem of the file.
   */
  async deploy(xml: string): Promise<DecisionDeployment> {
    const result = compileDecisions(xml);
    if (!result.ok)
      throw new UnprocessableError(
        'Deploy refused',
        result.problems
          .filter(({ level }) => level === 'error')
          .map(({ elementId, rule, message, remedy }) => ({ elementId, rule, message, remedy })),
      );
    return { decisions: await this.save(xml, result.decisions), problems: [...result.problems] };
  }

  /** Every decision in its newest version, by id. */
  async list(): Promise<DecisionSummary[]> {
    const { rows } = await this.pool.query<DecisionRow>(
      'SELECT DISTINCT ON (id) id, version, name, created_at FROM decision ORDER BY id, version DESC',
    );
    return rows.map(summary);
  }

  /**
   * One version of a decision with its file; the newest where `version` is null.
   * @throws {NotFoundError} where there is none.
   */
  async get(id: string, version: number | null): Promise<DeployedDecision> {
    const { rows } = await this.pool.query<DecisionRow>(
      'SELECT id, version, name, created_at FROM decision WHERE id = $1 ORDER BY version DESC',
      [id],
    );
    const newest = rows[0];
    if (!newest) throw new NotFoundError(`Decision "${id}" is not deployed. Deploy its file, or correct the id.`);
    const wanted = version === null ? newest : rows.find((row) => row.version === version);
    if (!wanted)
      throw new NotFoundError(
        `Decision "${id}" has no version ${version}; it has 1 to ${newest.version}. Ask for one of those.`,
      );
    const found = await this.pool.query<{ xml: string }>(
      'SELECT xml FROM decision JOIN deployment ON deployment.id = deployment_id WHERE decision.id = $1 AND version = $2',
      [id, wanted.version],
    );
    return {
      ...summary(wanted),
      xml: found.rows[0]!.xml,
      versions: rows.map((row) => ({ version: row.version, deployedAt: row.created_at.toISOString() })),
    };
  }

  private async save(xml: string, decisions: readonly Decision[]): Promise<DecisionDeployment['decisions']> {
    const checksum = createHash('sha256').update(xml).digest('hex');
    const at = toTimestamp(this.clock.now());
    return await inTransaction(this.pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [deployLock]);
      const newest = await findNewestDecisions(
        client,
        decisions.map(({ id }) => id),
      );
      const saved = decisions.map(({ id, name }) => {
        const before = newest.get(id);
        const created = before?.checksum !== checksum;
        return { id, name: name === '' ? id : name, version: (before?.version ?? 0) + (created ? 1 : 0), created };
      });
      const created = saved.filter((decision) => decision.created);
      if (created.length === 0) return saved;
      const deploymentId = randomUUID();
      await client.query('INSERT INTO deployment (id, checksum, xml, created_at) VALUES ($1, $2, $3, $4)', [
        deploymentId,
        checksum,
        xml,
        at,
      ]);
      await client.query(
        `INSERT INTO decision (id, version, deployment_id, name, created_at)
         SELECT id, version, $2, name, $3 FROM json_to_recordset($1) AS r (id text, version int, name text)`,
        [JSON.stringify(created), deploymentId, at],
      );
      return saved;
    });
  }
}

const summary = ({ id, name, version, created_at }: DecisionRow): DecisionSummary => ({
  id,
  name,
  version,
  deployedAt: created_at.toISOString(),
});
