import { randomUUID } from 'node:crypto';
import type { Definition, Input } from '@xflow/engine';
import { ConflictError } from '../http-problems/problem-error.js';
import type { BatchContext } from './batch-context.js';
import { countedAs } from './instance-counts.js';
import type { PendingInput } from './live-instance.js';
import { migration } from './migration.js';
import type { FaultRetryOrder, InputOrder, MigrateOrder, QueuedRequest, SuspendOrder } from './request.js';
import { findArchivedVersions } from './sql/find-archived-versions.js';
import type { OperationItem } from './sql/finish-items.js';
import { findInstancesThere } from './sql/find-instances-there.js';
import { holdLeases } from './sql/hold-leases.js';
import type { InstanceKey, InstanceRow } from './sql/lock-instances.js';
import { resumeParkedCommands } from './sql/resume-parked-commands.js';
import type { RowKey } from './sql/row-key.js';
import { NewerFormatError, storedFormat } from './stored-format.js';
import { isSuspended } from './suspension.js';

type OrderForInstance = InputOrder | FaultRetryOrder | SuspendOrder | MigrateOrder;

/** The requests of one batch for instances that are there: inputs, retries of faults, suspensions, migrations. */
export class InstanceRequests {
  /** Requests for instances that another runner holds. */
  readonly later: QueuedRequest[] = [];
  /** Tasks that are over with their reports. */
  readonly endedTasks: RowKey[] = [];
  /** What was done for batch operations. */
  readonly doneItems: OperationItem[] = [];
  /** What is left to servers of a newer version. */
  readonly handedOver: InputOrder[] = [];
  private readonly inputs: QueuedRequest<InputOrder>[];
  private readonly retries: QueuedRequest<FaultRetryOrder>[];
  private readonly suspensions: QueuedRequest<SuspendOrder>[];
  private readonly migrations: QueuedRequest<MigrateOrder>[];
  /** Requests whose instances could not be locked. */
  private readonly missed: QueuedRequest<OrderForInstance>[] = [];
  /** Instances that requests name and this version cannot read, and their forms. */
  private readonly newer = new Map<string, number>();

  constructor(private readonly batch: BatchContext) {
    this.inputs = batch.requestsOf('input');
    this.retries = batch.requestsOf('retry-fault');
    this.suspensions = batch.requestsOf('suspend');
    this.migrations = batch.requestsOf('migrate');
  }

  /** The instances that they are for. */
  get instances(): readonly InstanceKey[] {
    return [...this.inputs, ...this.retries, ...this.suspensions, ...this.migrations].map(({ request }) => request);
  }

  /** Whether any of them may make commands due. */
  get makeDue(): boolean {
    return this.retries.length + this.suspensions.length > 0;
  }

  /** Takes those out of the locked instances that this version cannot read. */
  leaveNewer(named: readonly InstanceRow[], locked: Map<string, InstanceRow>): void {
    for (const { id, format } of named)
      if (format > storedFormat) {
        locked.delete(id);
        this.newer.set(id, format);
      }
  }

  async suspend(locked: ReadonlyMap<string, InstanceRow>): Promise<void> {
    const reachable = this.suspensions.filter((queued) => {
      if (locked.has(queued.request.instanceId)) return true;
      this.leave(queued);
      return false;
    });
    const { suspended, resumed } = await this.batch.suspension.change(reachable.map(({ request }) => request));
    for (const { request, resolve } of reachable) {
      const changed = (request.suspended ? suspended : resumed).has(request.instanceId);
      if (changed) this.countDone(request);
      this.batch.settle.push(() => resolve(changed));
    }
  }

  async retryFaults(locked: Map<string, InstanceRow>): Promise<void> {
    const reachable = this.retries.filter((queued) => {
      if (locked.has(queued.request.instanceId)) return true;
      this.leave(queued);
      return false;
    });
    const closed = await resumeParkedCommands(
      this.batch.client,
      reachable.map(({ request }) => ({
        subject_id: request.subjectId,
        instance_id: request.instanceId,
        id: request.incidentId,
        at: this.batch.timestamp,
      })),
    );
    for (const { instance_id } of closed) {
      const row = locked.get(instance_id)!;
      const left = row.open_incidents - 1;
      this.batch.counts.move(countedAs(row), countedAs({ ...row, open_incidents: left }));
      locked.set(instance_id, { ...row, open_incidents: left });
    }
    for (const { request, resolve } of reachable) {
      const found = closed.some((row) => row.instance_id === request.instanceId && row.id === request.incidentId);
      if (found) this.countDone(request);
      this.batch.settle.push(() => resolve(found));
    }
  }

  /** Tells the reports whose leases hold; what is no report of a worker has none, and counts as held. */
  async reportsHeld(): Promise<(queued: QueuedRequest<InputOrder>) => boolean> {
    const leases = this.inputs.flatMap(({ request: { lease, input, subjectId, instanceId } }) =>
      lease !== undefined && 'taskId' in input
        ? [{ subject_id: subjectId, instance_id: instanceId, id: input.taskId, token: lease }]
        : [],
    );
    const held = new Set(
      (await holdLeases(this.batch.client, leases, this.batch.work.at)).map((key) => `${key.instance_id} ${key.id}`),
    );
    return ({ request: { lease, input, instanceId } }) =>
      lease === undefined || !('taskId' in input) || held.has(`${instanceId} ${input.taskId}`);
  }

  /**
   * Gives the inputs and migrations to the instances that are locked.
   * @param held tells the reports whose leases hold
   */
  async give(
    locked: ReadonlyMap<string, InstanceRow>,
    held: (queued: QueuedRequest<InputOrder>) => boolean,
  ): Promise<void> {
    const { batch } = this;
    for (const queued of this.inputs) {
      const { instanceId, input } = queued.request;
      if (!locked.has(instanceId)) this.leave(queued);
      else if (!held(queued)) batch.settle.push(() => queued.resolve(false));
      else if (batch.suspension.keepsFrom(instanceId, input.kind)) this.hold(queued);
      else batch.give(instanceId, this.toPending(queued));
    }
    const archived = await findArchivedVersions(
      batch.client,
      this.migrations.flatMap(({ request: { instanceId, version } }) => {
        const row = locked.get(instanceId);
        return row ? [{ workflow_key: row.workflow_key, version }] : [];
      }),
    );
    for (const queued of this.migrations) {
      const row = locked.get(queued.request.instanceId);
      if (row === undefined) this.leave(queued);
      else if (archived.some((one) => one.workflow_key === row.workflow_key && one.version === queued.request.version))
        batch.settle.push(() => queued.reject(isArchived(row.workflow_key, queued.request.version)));
      else await this.migrate(queued, row);
    }
    await this.comeAgain();
  }

  /** Has requests come again whose instances another runner holds. Who comes again already may ask for what is there no more: it was removed meanwhile. */
  private async comeAgain(): Promise<void> {
    const there = await findInstancesThere(
      this.batch.client,
      this.missed.flatMap(({ misses, request }) => (misses > 0 ? [request] : [])),
    );
    for (const queued of this.missed)
      if (queued.misses > 0 && !there.has(queued.request.instanceId))
        this.batch.settle.push(() => queued.resolve(false));
      else this.later.push(queued as unknown as QueuedRequest);
  }

  /** Another runner holds the instance: the request comes again. Or only servers of a newer version can read it: they are given what must not be lost. */
  private leave(queued: QueuedRequest<OrderForInstance>): void {
    const { request } = queued;
    const format = this.newer.get(request.instanceId);
    if (format === undefined) this.missed.push(queued);
    else if (request.kind === 'input' && request.keep && request.lease === undefined) {
      this.handedOver.push(request);
      this.batch.settle.push(() => queued.resolve(true));
    } else this.batch.settle.push(() => queued.reject(new NewerFormatError(`Instance ${request.instanceId}`, format)));
  }

  /** What must not be lost waits for the resumption; whoever can come again is told to. */
  private hold(queued: QueuedRequest<InputOrder>): void {
    const { subjectId, instanceId, input, keep } = queued.request;
    if (!keep) {
      this.batch.settle.push(() => queued.reject(isSuspended(instanceId)));
      return;
    }
    const key = { subject_id: subjectId, instance_id: instanceId };
    this.batch.suspension.hold(key, { id: `kept ${randomUUID()}`, attempts: 0, payload: { input } });
    if ('taskId' in input) this.endedTasks.push({ ...key, id: input.taskId });
    this.batch.settle.push(() => queued.resolve(true));
  }

  private async migrate(queued: QueuedRequest<MigrateOrder>, row: InstanceRow): Promise<void> {
    const { version, mapping } = queued.request;
    if (this.batch.faulty.has(row.id)) {
      this.batch.settle.push(() => queued.reject(this.batch.stepFailed(row.id)));
      return;
    }
    const definition = await this.batch.services.definitions
      .get(row.workflow_key, version)
      .catch((error: unknown) => error);
    if (definition instanceof Error) {
      this.batch.settle.push(() => queued.reject(definition));
      return;
    }
    this.batch.give(
      row.id,
      migration(definition as Definition, version, mapping, this.batch.work.at, (outcome) => {
        if (outcome === true) this.countDone(queued.request);
        this.batch.settle.push(() => (outcome instanceof Error ? queued.reject(outcome) : queued.resolve(outcome)));
      }),
    );
  }

  /** What was done for a batch operation. */
  private countDone(request: OrderForInstance): void {
    const { operationId, subjectId, instanceId } = request;
    if (operationId === undefined) return;
    this.doneItems.push({
      operation_id: operationId,
      subject_id: subjectId,
      instance_id: instanceId,
      incident_id:
        'incidentId' in request
          ? request.incidentId
          : 'input' in request && 'incidentId' in request.input
            ? request.input.incidentId
            : '',
    });
  }

  private toPending(queued: QueuedRequest<InputOrder>): PendingInput {
    const { request } = queued;
    if ('taskId' in request.input)
      this.endedTasks.push({
        subject_id: request.subjectId,
        instance_id: request.instanceId,
        id: request.input.taskId,
      });
    const faulty = this.batch.faulty.has(request.instanceId);
    if (faulty)
      this.batch.settle.push(() =>
        request.keep ? queued.resolve(true) : queued.reject(this.batch.stepFailed(request.instanceId)),
      );
    return {
      input: { ...request.input, at: this.batch.work.at } as Input,
      source:
        faulty && !request.keep ? null : { id: `kept ${randomUUID()}`, attempts: 0, payload: { input: request.input } },
      applied: (changed) => {
        if (changed) this.countDone(request);
        this.batch.settle.push(() => queued.resolve(changed));
      },
    };
  }
}

const isArchived = (key: string, version: number): Error =>
  new ConflictError(
    `Version ${version} of workflow "${key}" is archived, and nothing runs on it. Migrate to another version.`,
  );
