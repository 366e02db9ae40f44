import { Injectable } from '@nestjs/common';
import type { ElementPair } from '@xflow/engine';
import type { PublishRequest, PublishResponse } from '@xflow/schemas';
import { Pool, type PoolClient } from 'pg';
import { BatchOperationsService } from '../batch-operations/batch-operations.service.js';
import { Clock } from '../clock/clock.js';
import { ConflictError, InvalidRequestError, NotFoundError } from '../http-problems/problem-error.js';
import { DefinitionCache } from '../runner/definition-cache.js';
import { Runner } from '../runner/runner.js';
import { inTransaction } from '../runner/transaction.js';
import { checkReferences } from './check-references.js';
import { deployRefused } from './start-events.js';
import { activate, deployLock, retire, whileNothingStarts, type VersionState } from './version-state.js';

/** Which version of a workflow starts go to, and what becomes of those that run on others. */
@Injectable()
export class VersionsService {
  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly runner: Runner,
    private readonly definitions: DefinitionCache,
    private readonly operations: BatchOperationsService,
  ) {}

  /**
   * Makes a version the active one: from the commit on, starts of every kind go to it. `running` says what becomes of the instances of other
   * versions: they stay, or a batch operation migrates or cancels them, begun with the same commit.
   */
  async publish(key: string, version: number, { running = 'stay', mapping }: PublishRequest): Promise<PublishResponse> {
    if (mapping !== undefined && running !== 'migrate')
      throw new InvalidRequestError([
        {
          field: '$.mapping',
          message: 'A mapping is for those that migrate.',
          remedy: 'Send running: "migrate", or leave the mapping out.',
        },
      ]);
    await this.find(this.pool, key, version);
    const definition = await this.definitions.get(key, version);
    const publish = async (client: PoolClient): Promise<string | null> => {
      const { state } = await this.find(client, key, version);
      if (state === 'archived')
        throw new ConflictError(
          `Version ${version} of workflow "${key}" is archived. Deploy its file again to publish it as a new version.`,
        );
      const missing = await checkReferences(client, [definition]);
      if (missing.some(({ level }) => level === 'error')) throw deployRefused(missing);
      if (state !== 'active') await activate(client, definition, version, this.clock.now());
      await this.runner.announce(client, { due: this.clock.now() });
      if (running === 'stay') return null;
      const filter = { workflow: key, exceptVersion: version };
      return await this.operations.begin(
        client,
        running === 'migrate'
          ? {
              action: 'migrate',
              filter,
              version,
              ...(mapping === undefined ? {} : { mapping: mapping as ElementPair[] }),
            }
          : { action: 'cancel', filter },
      );
    };
    // Those that are just being started on another version are among those that run.
    const operationId = await (running === 'stay' ? this.underLock(publish) : whileNothingStarts(this.pool, publish));
    this.runner.lookAgain();
    if (operationId !== null) this.operations.lookAfter();
    return { key, version, state: 'active', operationId };
  }

  /** Nothing starts the workflow any more, until one of its versions is published; what runs goes on. */
  async deactivate(key: string, version: number): Promise<PublishResponse> {
    await this.underLock(async (client) => {
      const { state } = await this.find(client, key, version);
      if (state !== 'active' && state !== 'inactive')
        throw new ConflictError(
          `Version ${version} of workflow "${key}" is ${nameOf(state)}, and starts nothing as it is.`,
        );
      await retire(client, key, version, 'inactive');
    });
    return { key, version, state: 'inactive', operationId: null };
  }

  /** Archives a version. @throws {ConflictError} with their number, while instances run on it. */
  async undeploy(key: string, version: number): Promise<PublishResponse> {
    // Looked at before anything has to wait; what is started meanwhile is seen below.
    await this.refuseWhileRunning(this.pool, key, version);
    await whileNothingStarts(this.pool, async (client) => {
      await this.find(client, key, version);
      await this.refuseWhileRunning(client, key, version);
      await retire(client, key, version, 'archived');
    });
    return { key, version, state: 'archived', operationId: null };
  }

  private async refuseWhileRunning(client: Pool | PoolClient, key: string, version: number): Promise<void> {
    const { rows } = await client.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM instance WHERE workflow_key = $1 AND version = $2::numeric AND status = 'active'`,
      [key, version],
    );
    const { count } = rows[0]!;
    if (count > 0)
      throw new ConflictError(
        `${count} ${count === 1 ? 'instance runs' : 'instances run'} on version ${version} of workflow "${key}". ` +
          'Migrate or cancel them (POST /api/batch-operations), or wait for their end.',
      );
  }

  private async underLock<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    return await inTransaction(this.pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [deployLock]);
      return await work(client);
    });
  }

  private async find(
    client: Pool | PoolClient,
    key: string,
    version: number,
  ): Promise<{ readonly state: VersionState }> {
    // As a number: it may be larger than any version can be.
    const { rows } = await client.query<{ state: VersionState }>(
      'SELECT state FROM definition WHERE key = $1 AND version = $2::numeric',
      [key, version],
    );
    if (!rows[0])
      throw new NotFoundError(
        `Workflow "${key}" has no version ${version}. GET /api/workflows/${encodeURIComponent(key)} lists them.`,
      );
    return rows[0];
  }
}

const nameOf = (state: VersionState): string => (state === 'draft' ? 'a draft' : state);
