import { createHash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { BatchOperation, BatchOperationFailures, StartBatchOperationRequest } from '@xflow/schemas';
import { Pool, type PoolClient } from 'pg';
import { Clock } from '../clock/clock.js';
import { ConflictError, InvalidRequestError, NotFoundError } from '../http-problems/problem-error.js';
import { isUuid } from '../instances/is-uuid.js';
import { decodeCursor, pageOf } from '../paging/cursor.js';
import type { PageQuery } from '../paging/page-query.dto.js';
import { idempotencyMismatch } from '../runner/idempotency-mismatch.js';
import { reserveIdempotencyKeys } from '../runner/sql/reserve-idempotency-keys.js';
import { toTimestamp } from '../runner/sql/statement.js';
import { inTransaction } from '../runner/transaction.js';
import { toBatchOperation, type BatchOperationRow } from './batch-operation-row.js';
import { BatchOperationRunner } from './batch-operation-runner.js';
import { endOperation } from './sql/end-operation.js';
import { resumeOperation } from './sql/resume-operation.js';

const defaultRate = 1_000;

/** Changes to many instances: ordered here, carried out by the {@link BatchOperationRunner}. */
@Injectable()
export class BatchOperationsService {
  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly operations: BatchOperationRunner,
  ) {}

  /** @param idempotencyKey a repeat with the same key and request is answered with the operation that the first one began. */
  async start(request: StartBatchOperationRequest, idempotencyKey: string | null): Promise<BatchOperation> {
    await this.check(request);
    const id = randomUUID();
    const now = toTimestamp(this.clock.now());
    const begun = await inTransaction(this.pool, async (client) => {
      if (idempotencyKey !== null) {
        const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest('hex');
        const row = { key: `batch-operation ${idempotencyKey}`, fingerprint, response: { id } };
        const before = (await reserveIdempotencyKeys(client, [row], now)).get(row.key);
        if (before && before.fingerprint !== fingerprint) throw idempotencyMismatch(idempotencyKey);
        if (before) return (before.response as { readonly id: string }).id;
      }
      return await this.begin(client, request, id);
    });
    this.operations.look();
    return await this.get(begun);
  }

  /** Begins an operation with the commit of a transaction; after it, {@link lookAfter} is called. The request is a sound one. */
  async begin(client: PoolClient, request: StartBatchOperationRequest, id: string = randomUUID()): Promise<string> {
    const { action, filter, version, mapping, incidents, ratePerSecond = defaultRate } = request;
    await client.query(
      `INSERT INTO batch_operation (id, action, detail, filter, status, rate, created_at)
       VALUES ($1, $2, $3, $4, 'collecting', $5, $6)`,
      [
        id,
        action,
        JSON.stringify({ version, mapping, incidents }),
        JSON.stringify(filter),
        ratePerSecond,
        toTimestamp(this.clock.now()),
      ],
    );
    return id;
  }

  /** Operations were begun. */
  lookAfter(): void {
    this.operations.look();
  }

  /** A page of operations, newest first. */
  async list({ cursor, limit }: PageQuery): Promise<{ items: BatchOperation[]; nextCursor: string | null }> {
    const [at, before] = cursor === undefined ? [] : decodeCursor(cursor, ['time', 'uuid']);
    const { rows } = await this.pool.query<BatchOperationRow>(
      `SELECT * FROM batch_operation
       WHERE $1::bigint IS NULL OR (created_at, id::text) < (to_timestamp($1::bigint / 1000.0), $2)
       ORDER BY created_at DESC, id::text DESC LIMIT $3`,
      [at ?? null, before ?? null, limit + 1],
    );
    const page = pageOf(rows, limit, (row) => [row.created_at.getTime(), row.id]);
    return { items: page.rows.map(toBatchOperation), nextCursor: page.nextCursor };
  }

  /** @throws {NotFoundError} where there is no such operation. */
  async get(id: string): Promise<BatchOperation> {
    const rows = isUuid(id)
      ? (await this.pool.query<BatchOperationRow>('SELECT * FROM batch_operation WHERE id = $1', [id])).rows
      : [];
    if (!rows[0])
      throw new NotFoundError(
        `There is no batch operation "${id}". GET /api/batch-operations lists those that are there.`,
      );
    return toBatchOperation(rows[0]);
  }

  /** What could not be done, and why. */
  async failures(id: string, { cursor, limit }: PageQuery): Promise<BatchOperationFailures> {
    await this.get(id);
    const [afterInstance, afterIncident] = cursor === undefined ? [] : decodeCursor(cursor, ['uuid', 'string']);
    const { rows } = await this.pool.query<{
      subject_id: string;
      instance_id: string;
      incident_id: string;
      reason: string;
    }>(
      `SELECT subject_id, instance_id, incident_id, reason FROM batch_operation_item
       WHERE operation_id = $1 AND (reason IS NULL) = false
         AND ($2::text IS NULL OR (instance_id::text, incident_id) > ($2, $3))
       ORDER BY instance_id::text, incident_id LIMIT $4`,
      [id, afterInstance ?? null, afterIncident ?? null, limit + 1],
    );
    const page = pageOf(rows, limit, (row) => [row.instance_id, row.incident_id]);
    return {
      items: page.rows.map((row) => ({
        instanceId: row.instance_id,
        userId: row.subject_id,
        incidentId: row.incident_id === '' ? null : row.incident_id,
        reason: row.reason,
      })),
      nextCursor: page.nextCursor,
    };
  }

  /** What was done stays done; what is under way is finished. */
  async cancel(id: string): Promise<BatchOperation> {
    await this.get(id);
    if (!(await endOperation(this.pool, id, 'cancelled', this.clock.now())))
      throw new ConflictError(`Batch operation ${id} is over already. There is nothing to cancel.`);
    return await this.get(id);
  }

  /**
   * Instances are chosen anew, among those that had been started when the operation was ordered: what was done already does not meet it any
   * more, and what failed is tried again.
   * @throws {ConflictError} where it is under way, or has done all.
   */
  async resume(id: string): Promise<BatchOperation> {
    await this.get(id);
    if (!(await resumeOperation(this.pool, id)))
      throw new ConflictError(
        `Batch operation ${id} is under way, or has done all that was to be done. Only one that was cancelled, or in which something failed, can be resumed.`,
      );
    this.operations.look();
    return await this.get(id);
  }

  private async check({ action, filter, version, mapping, incidents }: StartBatchOperationRequest): Promise<void> {
    const problems = [];
    if (Object.values(filter).every((value) => value === undefined))
      problems.push({
        field: '$.filter',
        message: 'The filter is empty, so that every instance would be changed.',
        remedy: 'Name at least one condition, such as the workflow.',
      });
    if (action === 'migrate' && (version === undefined || filter.workflow === undefined))
      problems.push({
        field: version === undefined ? '$.version' : '$.filter.workflow',
        message: 'A migration needs a version and the workflow that it is one of.',
        remedy: 'Send version, and filter.workflow.',
      });
    if (action !== 'migrate' && (version !== undefined || mapping !== undefined))
      problems.push({
        field: version !== undefined ? '$.version' : '$.mapping',
        message: `The action "${action}" has no version and no mapping.`,
        remedy: 'Leave them out; filter.version chooses instances by their version.',
      });
    if (action !== 'retry-incidents' && incidents !== undefined)
      problems.push({
        field: '$.incidents',
        message: `The action "${action}" is about instances, not about single incidents.`,
        remedy: 'Leave it out; filter.incident chooses instances by whether they have any.',
      });
    if (problems.length > 0) throw new InvalidRequestError(problems);
    if (action !== 'migrate') return;
    const { rows } = await this.pool.query('SELECT FROM definition WHERE key = $1 AND version = $2', [
      filter.workflow,
      version,
    ]);
    if (rows.length === 0)
      throw new NotFoundError(
        `Workflow "${filter.workflow}" has no version ${version}. Deploy it, or correct the number.`,
      );
  }
}
