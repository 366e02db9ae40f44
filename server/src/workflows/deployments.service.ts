import { createHash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { compile, type Definition } from '@xflow/engine';
import type { Deployment } from '@xflow/schemas';
import { Pool, type PoolClient } from 'pg';
import { Clock } from '../clock/clock.js';
import { Runner } from '../runner/runner.js';
import { toTimestamp } from '../runner/sql/statement.js';
import { storedFormat } from '../runner/stored-format.js';
import { TaskCatalog } from '../runner/task-catalog.js';
import { inTransaction } from '../runner/transaction.js';
import { checkReferences } from './check-references.js';
import { checkServerBounds } from './check-server-bounds.js';
import { deployRefused, saveWatching } from './start-events.js';
import { activate, deployLock, type VersionState } from './version-state.js';

interface NewestVersion {
  readonly key: string;
  readonly version: number;
  readonly checksum: string;
  readonly state: VersionState;
}

/** Takes BPMN files into the server: all of their processes, or none. */
@Injectable()
export class DeploymentsService {
  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly catalog: TaskCatalog,
    private readonly runner: Runner,
  ) {}

  /**
   * Every executable process of the file becomes a new version of its workflow, unless the file is the one that made the newest
   * version. An `active` one takes the place of the version that was active: all starts go to it, and instances stay on the version
   * they started with. A `draft` changes nothing of what runs.
   * @throws {UnprocessableError} listing every problem of the file: of the diagram, and of what it names.
   */
  async deploy(xml: string, state: 'draft' | 'active' = 'active'): Promise<Deployment> {
    const result = await compile(xml, { taskTypes: this.catalog.types });
    if (!result.ok) {
      const missing = await inTransaction(this.pool, (client) => checkReferences(client, result.processes));
      throw deployRefused([...result.problems, ...missing]);
    }
    const { definitions } = result;
    const problems = [...result.problems, ...checkServerBounds(definitions)];
    const workflows = await inTransaction(this.pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [deployLock]);
      const missing = await checkReferences(client, definitions);
      const all = [...problems, ...missing];
      if (all.some(({ level }) => level === 'error')) throw deployRefused(all);
      const saved = await this.save(client, xml, definitions, state);
      // A timer start event may be due before anything that runners know of.
      if (state === 'active') await this.runner.announce(client, { due: this.clock.now() });
      return saved;
    });
    if (state === 'active') this.runner.lookAgain();
    return { workflows, problems };
  }

  private async save(
    client: PoolClient,
    xml: string,
    definitions: readonly Definition[],
    state: 'draft' | 'active',
  ): Promise<Deployment['workflows']> {
    const checksum = createHash('sha256').update(xml).digest('hex');
    const newest = await findNewest(
      client,
      definitions.map(({ key }) => key),
    );
    const deploymentId = randomUUID();
    const now = this.clock.now();
    const created = definitions.filter(({ key }) => !isSame(newest.get(key), checksum));
    if (created.length > 0)
      await client.query('INSERT INTO deployment (id, checksum, xml, created_at) VALUES ($1, $2, $3, $4)', [
        deploymentId,
        checksum,
        xml,
        toTimestamp(now),
      ]);
    const saved: Deployment['workflows'] = [];
    for (const definition of definitions) {
      const { key } = definition;
      const before = newest.get(key);
      const isNew = created.includes(definition);
      const version = (before?.version ?? 0) + (isNew ? 1 : 0);
      if (isNew) {
        await client.query(
          `INSERT INTO definition (key, version, deployment_id, name, created_at, state, format)
           VALUES ($1, $2, $3, $4, $5, 'draft', ${storedFormat})`,
          [key, version, deploymentId, nameOf(definition), toTimestamp(now)],
        );
        await saveWatching(client, definition, version);
      }
      const standing = isNew || before === undefined ? 'draft' : before.state;
      if (state === 'active' && standing !== 'active') await activate(client, definition, version, now);
      saved.push({
        key,
        name: nameOf(definition),
        version,
        created: isNew,
        state: state === 'active' ? state : standing,
      });
    }
    return saved;
  }
}

/** What was undeployed is deployed anew. */
const isSame = (newest: NewestVersion | undefined, checksum: string): boolean =>
  newest !== undefined && newest.checksum === checksum && newest.state !== 'archived';

const nameOf = ({ key, name }: Definition): string => (name === null || name === '' ? key : name);

async function findNewest(client: PoolClient, keys: readonly string[]): Promise<ReadonlyMap<string, NewestVersion>> {
  const { rows } = await client.query<NewestVersion>(
    `SELECT DISTINCT ON (key) key, version, checksum, state FROM definition JOIN deployment ON deployment.id = deployment_id
     WHERE key = ANY($1) ORDER BY key, version DESC`,
    [keys],
  );
  return new Map(rows.map((row) => [row.key, row]));
}
