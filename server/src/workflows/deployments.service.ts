import { createHash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { compile, nextStart, watchesUser, type Definition, type Problem } from '@xflow/engine';
import type { Deployment } from '@xflow/schemas';
import { Pool, type PoolClient } from 'pg';
import { Clock } from '../clock/clock.js';
import { UnprocessableError } from '../http-problems/problem-error.js';
import { Runner } from '../runner/runner.js';
import { conditionalStartsOf } from '../runner/user-conditions.js';
import { toTimestamp } from '../runner/sql/statement.js';
import { TaskCatalog } from '../runner/task-catalog.js';
import { inTransaction } from '../runner/transaction.js';
import { checkReferences } from './check-references.js';
import { checkServerBounds } from './check-server-bounds.js';

/** Deploys take turns under this lock, so that versions are numbered without gaps, and starts belong to the newest one. */
const deployLock = 7_310_002;

interface NewestVersion {
  readonly key: string;
  readonly version: number;
  readonly checksum: string;
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
   * version. Instances stay on the version they started with; timer, message and signal starts move to the new one.
   * @throws {UnprocessableError} listing every problem of the file: of the diagram, and of what it names.
   */
  async deploy(xml: string): Promise<Deployment> {
    const result = await compile(xml, { taskTypes: this.catalog.types });
    if (!result.ok) {
      const missing = await inTransaction(this.pool, (client) => checkReferences(client, result.processes));
      throw refused([...result.problems, ...missing]);
    }
    const { definitions } = result;
    const problems = [...result.problems, ...checkServerBounds(definitions)];
    const workflows = await inTransaction(this.pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [deployLock]);
      const missing = await checkReferences(client, definitions);
      const all = [...problems, ...missing];
      if (all.some(({ level }) => level === 'error')) throw refused(all);
      const saved = await this.save(client, xml, definitions);
      // A timer start event may be due before anything that runners know of.
      if (saved.some(({ created }) => created)) await this.runner.announce(client, this.clock.now());
      return saved;
    });
    if (workflows.some(({ created }) => created)) this.runner.lookAgain();
    return { workflows, problems };
  }

  private async save(
    client: PoolClient,
    xml: string,
    definitions: readonly Definition[],
  ): Promise<Deployment['workflows']> {
    const checksum = createHash('sha256').update(xml).digest('hex');
    const newest = await findNewest(
      client,
      definitions.map(({ key }) => key),
    );
    const deploymentId = randomUUID();
    const now = this.clock.now();
    const created = definitions.filter(({ key }) => newest.get(key)?.checksum !== checksum);
    if (created.length > 0)
      await client.query('INSERT INTO deployment (id, checksum, xml, created_at) VALUES ($1, $2, $3, $4)', [
        deploymentId,
        checksum,
        xml,
        toTimestamp(now),
      ]);
    for (const definition of created) {
      const version = (newest.get(definition.key)?.version ?? 0) + 1;
      await client.query(
        'INSERT INTO definition (key, version, deployment_id, name, created_at) VALUES ($1, $2, $3, $4, $5)',
        [definition.key, version, deploymentId, nameOf(definition), toTimestamp(now)],
      );
      await saveStarts(client, definition, version, now);
    }
    return definitions.map((definition) => {
      const before = newest.get(definition.key);
      const isNew = created.includes(definition);
      return {
        key: definition.key,
        name: nameOf(definition),
        version: (before?.version ?? 0) + (isNew ? 1 : 0),
        created: isNew,
      };
    });
  }
}

const nameOf = ({ key, name }: Definition): string => (name === null || name === '' ? key : name);

async function findNewest(client: PoolClient, keys: readonly string[]): Promise<ReadonlyMap<string, NewestVersion>> {
  const { rows } = await client.query<NewestVersion>(
    `SELECT DISTINCT ON (key) key, version, checksum FROM definition JOIN deployment ON deployment.id = deployment_id
     WHERE key = ANY($1) ORDER BY key, version DESC`,
    [keys],
  );
  return new Map(rows.map((row) => [row.key, row]));
}

/** Starts by time, by message and by signal belong to the newest version only. */
async function saveStarts(client: PoolClient, definition: Definition, version: number, now: number): Promise<void> {
  const { key, startEvents } = definition;
  await client.query('DELETE FROM start_timer WHERE workflow_key = $1', [key]);
  await client.query('DELETE FROM start_subscription WHERE workflow_key = $1', [key]);
  await saveConditions(client, definition, version);
  const timed = new Set<string>();
  for (const start of startEvents) {
    if (start.kind === 'message' || start.kind === 'signal')
      await client.query(
        `INSERT INTO start_subscription (event, message_name, workflow_key, element_id, version, part)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
        [
          start.kind,
          start.kind === 'message' ? start.messageName : start.signalName,
          key,
          start.id,
          version,
          start.part ?? null,
        ],
      );
    if (start.kind !== 'timer') continue;
    if (timed.has(start.id))
      throw refused([
        startProblem(
          start.id,
          `Start event "${start.id}" has more than one timer, and they cannot be told apart when one is due.`,
          'Give each timer a start event of its own.',
        ),
      ]);
    timed.add(start.id);
    const next = nextStart(start, now, 1);
    if (!next.ok) throw refused([startProblem(start.id, next.reason, next.remedy)]);
    if (next.dueAt === null) continue;
    await client.query(
      `INSERT INTO start_timer (workflow_key, element_id, version, due_at, previous_at, count)
       VALUES ($1, $2, $3, $4, $5, 0)`,
      [key, start.id, version, toTimestamp(next.dueAt), toTimestamp(now)],
    );
  }
}

/** Conditions that read the user: those of start events, and those that instances wait for, of this version from now on. */
async function saveConditions(client: PoolClient, definition: Definition, version: number): Promise<void> {
  const { key, startEvents } = definition;
  const conditions = [...new Set(startEvents.map(({ id }) => id))].flatMap((id) =>
    conditionalStartsOf(startEvents, id).map((_, part) => ({ element_id: id, part })),
  );
  if (conditions.length > 0 || watchesUser(definition))
    // Whoever changes users looks whether there are conditions: those under way commit first, and later ones see these.
    await client.query('LOCK TABLE user_profile, user_event IN SHARE ROW EXCLUSIVE MODE');
  const { rowCount } = await client.query('DELETE FROM condition_start WHERE workflow_key = $1', [key]);
  for (const { element_id, part } of conditions)
    await client.query(
      'INSERT INTO condition_start (workflow_key, element_id, part, version) VALUES ($1, $2, $3, $4)',
      [key, element_id, part, version],
    );
  if (rowCount !== 0)
    await client.query(
      `DELETE FROM condition_met m WHERE workflow_key = $1 AND NOT EXISTS (SELECT FROM condition_start s
         WHERE (s.workflow_key, s.element_id, s.part) = (m.workflow_key, m.element_id, m.part))`,
      [key],
    );
  if (watchesUser(definition))
    await client.query('INSERT INTO watching_version (workflow_key, version) VALUES ($1, $2)', [key, version]);
}

const startProblem = (elementId: string, message: string, remedy: string): Problem => ({
  level: 'error',
  rule: 'start-timer',
  elementId,
  message,
  remedy,
});

const refused = (problems: readonly Problem[]): Error =>
  new UnprocessableError(
    'Deploy refused',
    problems
      .filter(({ level }) => level === 'error')
      .map(({ elementId, rule, message, remedy }) => ({ elementId, rule, message, remedy })),
  );
