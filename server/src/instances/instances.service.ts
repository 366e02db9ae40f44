import { Injectable } from '@nestjs/common';
import { inspect, type Definition, stateFromJson, type StoredState, type Variables } from '@xflow/engine';
import type {
  ActivateRequest,
  InstanceCount,
  InstanceHistory,
  InstancePage,
  InstanceStatus,
  RecountResponse,
} from '@xflow/schemas';
import { Pool } from 'pg';
import { ConflictError, NotFoundError, UnprocessableError } from '../http-problems/problem-error.js';
import { toIncident, type IncidentRow } from '../incidents/incident-row.js';
import { decodeCursor, encodeCursor, pageOf } from '../paging/cursor.js';
import type { PageQuery } from '../paging/page-query.dto.js';
import { DefinitionCache } from '../runner/definition-cache.js';
import { Runner } from '../runner/runner.js';
import { recount } from '../runner/sql/fold-counts.js';
import { checkReadable } from '../runner/stored-format.js';
import type { HistoryStep } from '../runner/sql/insert-history.js';
import type { InstanceKey } from '../runner/sql/lock-instances.js';
import { EndWaiters } from './end-waiters.js';
import { isUuid } from './is-uuid.js';
import { summaryColumns, summarySource, toSummary, type InstanceSummaryRow } from './instance-row.js';
import type { InstanceQuery } from './instances.dto.js';
import { countFoundInstances } from './sql/count-found-instances.js';
import { findInstances, rarestVariableFirst } from './sql/find-instances.js';

interface StatusRow extends InstanceSummaryRow {
  readonly parent_instance_id: string | null;
  readonly revision: number;
  readonly state: StoredState;
  readonly format: number;
}

/** Instances that are counted for one answer. */
const mostCounted = 10_000;

/** Instances as others see them. What changes one is the runner's. */
@Injectable()
export class InstancesService {
  constructor(
    private readonly pool: Pool,
    private readonly runner: Runner,
    private readonly definitions: DefinitionCache,
    private readonly waiters: EndWaiters,
  ) {}

  /** @throws {NotFoundError} where there is no such instance. */
  async status(instanceId: string): Promise<InstanceStatus> {
    const row = await this.find<StatusRow>(
      instanceId,
      `${summaryColumns}, i.parent_instance_id, i.revision, i.state, i.format`,
    );
    checkReadable(instanceId, row.format);
    const [definition, incidents] = await Promise.all([
      this.definitions.get(row.workflow_key, row.version),
      this.pool.query<IncidentRow>(
        `SELECT * FROM incident WHERE subject_id = $1 AND instance_id = $2 AND resolved_at IS NULL ORDER BY raised_at, id`,
        [row.subject_id, row.id],
      ),
    ]);
    const { tokens, variables, scopes } = inspect(definition, stateFromJson(row.state));
    return {
      ...toSummary(row),
      parentInstanceId: row.parent_instance_id,
      revision: row.revision,
      tokens: [...tokens],
      variables,
      scopes: [...scopes],
      incidents: incidents.rows.map(toIncident),
    };
  }

  /**
   * A page of instances, newest first. Where those that meet the filter are few among very many, it is answered after a second with what was found by
   * then, even with nothing, and with where to go on.
   */
  async list({ cursor, limit, ...query }: InstanceQuery): Promise<InstancePage> {
    const until = performance.now() + longestSearch;
    const filter = await rarestVariableFirst(this.pool, query);
    const found: InstanceSummaryRow[] = [];
    let before: string | null =
      cursor === undefined ? highestId : uuidOf(decodeCursor(cursor, ['string'])[0] as string);
    do {
      const { rows, lookedTo } = await findInstances(this.pool, filter, before, limit + 1 - found.length);
      found.push(...rows);
      before = lookedTo;
    } while (before !== null && found.length <= limit && performance.now() < until);
    const page = pageOf(found, limit, (row) => [row.id]);
    return {
      items: page.rows.map(toSummary),
      nextCursor: page.nextCursor ?? (before === null ? null : encodeCursor([before])),
    };
  }

  /** How many instances meet a filter: counted up to {@link mostCounted}, and no longer than a search takes. */
  async count({ cursor: _cursor, limit: _limit, ...query }: InstanceQuery): Promise<InstanceCount> {
    const until = performance.now() + longestSearch;
    const filter = await rarestVariableFirst(this.pool, query);
    let count = 0;
    let before: string | null = highestId;
    do {
      const found = await countFoundInstances(this.pool, filter, before);
      count += found.count;
      before = found.lookedTo;
    } while (before !== null && count <= mostCounted && performance.now() < until);
    return { count: Math.min(count, mostCounted), isComplete: before === null && count <= mostCounted };
  }

  /** Counts all instances anew. */
  async recount(): Promise<RecountResponse> {
    const rows = await recount(this.pool);
    return {
      corrected: rows.map((row) => ({
        workflowKey: row.workflow_key,
        version: row.version,
        status: row.status === '' ? null : row.status,
        elementId: row.element_id === '' ? null : row.element_id,
        instances: row.instances,
        incidents: row.incidents,
        saidInstances: row.said_instances,
        saidIncidents: row.said_incidents,
      })),
    };
  }

  /**
   * A page of what happened to an instance, oldest first; an item is an input and what came of it. A page may be longer than its limit by
   * the steps of one batch.
   * @throws {NotFoundError} where there is no such instance.
   */
  async history(instanceId: string, { cursor, limit }: PageQuery): Promise<InstanceHistory> {
    const { subjectId } = await this.keyOf(instanceId);
    const after = cursor === undefined ? 0 : (decodeCursor(cursor, ['number'])[0] as number);
    const { rows } = await this.pool.query<{ revision: number; at: Date; steps: HistoryStep[] }>(
      `SELECT revision, at, steps FROM history WHERE subject_id = $1 AND instance_id = $2 AND revision > $3
       ORDER BY revision LIMIT $4`,
      [subjectId, instanceId, after, limit + 1],
    );
    const page = pageOf(rows, limit, (row) => [row.revision]);
    const items = page.rows.flatMap(({ revision, at, steps }) =>
      steps.map(({ input, events }, index) => ({
        revision: revision + index,
        at: at.toISOString(),
        input: { ...input },
        events: events.map((event) => ({ ...event })),
      })),
    );
    return { items, nextCursor: page.nextCursor };
  }

  /** Cancels an instance; one that has ended stays as it is. */
  async cancel(instanceId: string): Promise<InstanceStatus> {
    const key = await this.keyOf(instanceId);
    const reason = 'It was cancelled over the API.';
    await this.runner.submit({ kind: 'input', ...key, input: { kind: 'cancelled', reason }, keep: false });
    return await this.status(instanceId);
  }

  /**
   * Begins an activity of an open ad-hoc subprocess; in a sequential one it may have to wait for its turn.
   * @throws {UnprocessableError} where nobody can ask for the element, {ConflictError} where its subprocess is not open.
   */
  async activate(instanceId: string, { elementId, variables }: ActivateRequest): Promise<InstanceStatus> {
    const row = await this.find<{ subject_id: string; workflow_key: string; version: number }>(
      instanceId,
      'i.subject_id, i.workflow_key, i.version',
    );
    const activities = activitiesToAskFor(await this.definitions.get(row.workflow_key, row.version));
    if (!activities.includes(elementId))
      throw new UnprocessableError('The activity cannot begin', [
        {
          field: '$.elementId',
          message: `Workflow "${row.workflow_key}" has no activity "${elementId}" that can be asked for.`,
          remedy:
            activities.length > 0
              ? `Send one of ${activities.map((id) => `"${id}"`).join(', ')}.`
              : 'Only activities of an ad-hoc subprocess can be, and this workflow has none.',
        },
      ]);
    const began = await this.runner.submit({
      kind: 'input',
      subjectId: row.subject_id,
      instanceId,
      input: {
        kind: 'activate',
        elementId,
        ...(variables === undefined ? {} : { variables: variables as Variables }),
      },
      keep: false,
    });
    if (!began)
      throw new ConflictError(
        `The ad-hoc subprocess around "${elementId}" is not open in instance ${instanceId}, or begins nothing more. GET /api/workflows/${instanceId}/status tells where the instance stands.`,
      );
    return await this.status(instanceId);
  }

  /** Resolves when the instance has ended, or after `milliseconds`. */
  async waitForEnd(instanceId: string, milliseconds: number): Promise<void> {
    await this.waiters.wait(instanceId, milliseconds);
  }

  /** @throws {NotFoundError} where there is no such instance. */
  async keyOf(instanceId: string): Promise<InstanceKey> {
    const row = await this.find<{ subject_id: string }>(instanceId, 'i.subject_id');
    return { subjectId: row.subject_id, instanceId };
  }

  /**
   * @param columns of `i`, the instance, and `d`, its definition
   * @throws {NotFoundError} where there is no such instance.
   */
  async find<Row extends object>(instanceId: string, columns: string): Promise<Row> {
    const rows = isUuid(instanceId)
      ? (await this.pool.query<Row>(`SELECT ${columns} FROM ${summarySource} WHERE i.id = $1`, [instanceId])).rows
      : [];
    const row = rows[0];
    if (!row)
      throw new NotFoundError(`There is no instance "${instanceId}". Pass the id that its start was answered with.`);
    return row;
  }
}

/** Ids of the activities in ad-hoc subprocesses that no sequence flow leads to. */
const activitiesToAskFor = ({ nodes }: Definition): readonly string[] =>
  [...nodes.values()].flatMap((node) =>
    node.type === 'ad-hoc-subprocess' ? node.scope.implicitStarts.map(({ id }) => id) : [],
  );

/** Milliseconds after which a search is answered with what it has found. */
const longestSearch = 1_000;

const highestId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Of a cursor: an id that cannot be one stands for the end of the list. */
const uuidOf = (id: string): string => (isUuid(id) ? id : '00000000-0000-0000-0000-000000000000');
