import { randomUUID } from 'node:crypto';
import {
  createInstance,
  watchesUser,
  type Definition,
  type Input,
  type StartInput,
  stateFromJson,
} from '@xflow/engine';
import type { BroadcastSignalResponse } from '@xflow/schemas';
import type { PoolClient } from 'pg';
import { NotFoundError, ProblemError, UnprocessableError } from '../http-problems/problem-error.js';
import { advanceInstances } from './advance-instances.js';
import { BatchRows } from './batch-rows.js';
import type { News } from './channel.js';
import { correlate, type Publication } from './correlation.js';
import { findCallableWorkflows } from './callable-workflows.js';
import type { DefinitionCache } from './definition-cache.js';
import { FaultyInstancesError } from './faulty-instances-error.js';
import { idempotencyMismatch } from './idempotency-mismatch.js';
import { InstanceTooLargeError } from './instance-size.js';
import type { LiveInstance, PendingInput, PendingSource } from './live-instance.js';
import { migration } from './migration.js';
import { parkFaults } from './park-faults.js';
import type { AnswerRegistry } from './question-answerer.js';
import type {
  FaultRetryOrder,
  InputOrder,
  MigrateOrder,
  QueuedRequest,
  RunnerRequest,
  StartOrder,
  SuspendOrder,
} from './request.js';
import { broadcastSignals, goOnBroadcasting } from './signals.js';
import { claimStartTimers, type StartTimerRow } from './sql/claim-start-timers.js';
import { findStartableVersions, type StartableVersions } from './sql/find-startable-versions.js';
import { findUsers } from './sql/find-users.js';
import { holdLeases } from './sql/hold-leases.js';
import { finishItems, type OperationItem } from './sql/finish-items.js';
import { inOrder } from './sql/in-order.js';
import { lockDueInstances } from './sql/lock-due-instances.js';
import { lockInstances, type InstanceRow } from './sql/lock-instances.js';
import { lockProfiles } from './sql/lock-profiles.js';
import { releaseIdempotencyKeys } from './sql/release-idempotency-keys.js';
import { reserveIdempotencyKeys, type IdempotencyRow } from './sql/reserve-idempotency-keys.js';
import { resumeParkedCommands } from './sql/resume-parked-commands.js';
import { toTimestamp } from './sql/statement.js';
import { isSuspended, Suspension } from './suspension.js';
import { takeCommands } from './sql/take-commands.js';
import { fireStartTimers } from './start-timers.js';
import { isRefusedData } from './transaction.js';
import { startEventToStart } from './start-event-to-start.js';
import { versionToStart } from './version-to-start.js';
import { lookAtChangedUsers } from './user-conditions.js';

/** What a start goes to, and the part of its input that says where it begins. */
interface StartableDefinition {
  readonly version: number;
  readonly definition: Definition;
  readonly input: Pick<StartInput, 'startEventId'>;
}

export interface BatchServices {
  readonly definitions: DefinitionCache;
  readonly answers: AnswerRegistry;
  /** Tells other runners with the commit. */
  announce(client: PoolClient, news: News): Promise<void>;
  /** As many commands were due as were asked for: another batch may find more beside this one. */
  foundMore(): void;
}

export interface BatchWork {
  readonly requests: readonly QueuedRequest[];
  /** How many due commands to take; 0: none is expected. */
  readonly commands: number;
  /** Time of every step of the batch: milliseconds since 1970. */
  readonly at: number;
  /** Instances that made an earlier run of this batch fail: what is for them is kept, and they get an incident. */
  readonly faulty: ReadonlyMap<string, unknown>;
}

export interface BatchResult extends Pick<News, 'jobs' | 'cancelledJobs' | 'workflows'> {
  /** Settles the promises of the requests; called after the commit. */
  readonly settle: readonly (() => void)[];
  /** Requests for instances that another runner holds. */
  readonly later: readonly QueuedRequest[];
  /** Instances that were moved. */
  readonly moved: number;
  /** Instances that requests named and commands found that were due, as far as they could be locked. */
  readonly locked: number;
  /** Earliest due time among the commands written; null: none was. */
  readonly nextDue: number | null;
}

/**
 * One batch of steps in one transaction, which the caller begins and commits: locks instances, takes their inputs, advances all of
 * them in memory, and writes everything back with a number of statements that does not depend on theirs.
 * @throws {FaultyInstancesError} when steps threw; then the caller rolls back, and runs the batch again without these instances.
 */
export async function runBatch(services: BatchServices, client: PoolClient, work: BatchWork): Promise<BatchResult> {
  const batch = new Batch(services, client, work);
  try {
    return await batch.run();
  } catch (error) {
    // What the database refuses, when there is only one instance, is that instance's fault.
    const [only, ...others] = batch.instanceIds;
    if (only === undefined || others.length > 0 || !isRefusedData(error)) throw error;
    throw new FaultyInstancesError(new Map([[only, error]]));
  }
}

class Batch {
  private readonly live = new Map<string, LiveInstance>();
  private readonly settle: (() => void)[] = [];
  private readonly later: QueuedRequest[] = [];
  private readonly publications: Publication[] = [];
  private readonly endedTasks: { subject_id: string; instance_id: string; id: string }[] = [];
  private readonly timestamp: string;
  private readonly suspension: Suspension;

  constructor(
    private readonly services: BatchServices,
    private readonly client: PoolClient,
    private readonly work: BatchWork,
  ) {
    this.timestamp = toTimestamp(work.at);
    this.suspension = new Suspension(client, this.timestamp);
  }

  get instanceIds(): readonly string[] {
    return [...this.live.keys()];
  }

  async run(): Promise<BatchResult> {
    const { client, work } = this;
    const inputs = this.requestsOf('input');
    const retries = this.requestsOf('retry-fault');
    const suspensions = this.requestsOf('suspend');
    const migrations = this.requestsOf('migrate');
    const orders = this.requestsOf('start').map(({ request }) => request);
    const [starts, versions, users, named, due, startTimers] = await inOrder(
      this.freshStarts(),
      findStartableVersions(client, unique(orders.map((order) => order.workflowKey))),
      findUsers(client, unique(orders.map((order) => order.subjectId))),
      lockInstances(
        client,
        [...inputs, ...retries, ...suspensions, ...migrations].map(({ request }) => request),
      ),
      lockDueInstances(client, work.at, work.commands),
      work.commands > 0 ? claimStartTimers(client, work.at) : [],
    );
    const full = work.commands > 0 && due.length >= work.commands;
    if (full) this.services.foundMore();
    const locked = new Map([...named, ...due].map((row) => [row.id, row]));
    await this.suspend(suspensions, locked);
    const [, commands, held, signalled] = await inOrder(
      this.retryFaults(retries, locked),
      work.commands > 0 || retries.length + suspensions.length > 0
        ? takeCommands(client, [...locked.values()], work.at)
        : [],
      this.reportsHeld(inputs),
      work.commands > 0 && !full ? goOnBroadcasting(client) : 0,
    );
    const pending = new Map<string, PendingInput[]>();
    for (const command of commands) {
      const { payload } = command;
      if (this.suspension.keepsFrom(command.instance_id, payload.input.kind)) this.suspension.hold(command, command);
      else append(pending, command.instance_id, this.fromCommand(payload, command));
    }
    for (const queued of inputs) {
      const { instanceId } = queued.request;
      if (!locked.has(instanceId)) this.later.push(queued);
      else if (!held(queued)) this.settle.push(() => queued.resolve(false));
      else if (this.suspension.keepsFrom(instanceId, queued.request.input.kind)) this.holdRequest(queued);
      else append(pending, instanceId, this.fromRequest(queued));
    }
    for (const queued of migrations) {
      const row = locked.get(queued.request.instanceId);
      if (row === undefined) this.later.push(queued);
      else await this.migrate(queued, row, pending);
    }
    await this.suspension.write();
    await this.bringToLife([...locked.values()], pending);
    await this.startInstances(starts, versions, users);
    await this.lockWatchedUsers();
    const noted = await advanceInstances(this.live.values(), this.services.answers, client, work.at);
    return await this.write(named.length + due.length, startTimers, noted || signalled > 0);
  }

  /** An instance that may come to wait for changes of its user reads no profile that is changing: user-conditions.ts tells why. */
  private async lockWatchedUsers(): Promise<void> {
    const watching = [...this.live.values()].filter(
      // What an instance migrates to is known when its turn comes.
      ({ definition, pending }) => watchesUser(definition) || pending.some(({ prepare }) => prepare !== undefined),
    );
    if (watching.length > 0) await lockProfiles(this.client, unique(watching.map(({ subjectId }) => subjectId)));
  }

  private requestsOf<K extends RunnerRequest['kind']>(kind: K): QueuedRequest<Extract<RunnerRequest, { kind: K }>>[] {
    return this.work.requests.filter((queued) => queued.request.kind === kind) as unknown as QueuedRequest<
      Extract<RunnerRequest, { kind: K }>
    >[];
  }

  /** Starts that are no repeats of one before. */
  private async freshStarts(): Promise<readonly QueuedRequest<StartOrder>[]> {
    const starts = this.requestsOf('start');
    const reserved = starts.flatMap(({ request }): IdempotencyRow[] =>
      request.idempotency
        ? [{ ...request.idempotency, response: { instanceId: request.instanceId, subjectId: request.subjectId } }]
        : [],
    );
    const known = await reserveIdempotencyKeys(this.client, reserved, this.timestamp);
    return starts.filter(({ request, resolve, reject }) => {
      const before = request.idempotency && known.get(request.idempotency.key);
      if (!before) return true;
      this.settle.push(
        before.fingerprint === request.idempotency?.fingerprint
          ? () => resolve(before.response as { instanceId: string; subjectId: string })
          : () => reject(idempotencyMismatch(before.key)),
      );
      return false;
    });
  }

  /** Tells the reports whose leases hold; what is no report of a worker has none, and counts as held. */
  private async reportsHeld(
    inputs: readonly QueuedRequest<InputOrder>[],
  ): Promise<(queued: QueuedRequest<InputOrder>) => boolean> {
    const leases = inputs.flatMap(({ request: { lease, input, subjectId, instanceId } }) =>
      lease !== undefined && 'taskId' in input
        ? [{ subject_id: subjectId, instance_id: instanceId, id: input.taskId, token: lease }]
        : [],
    );
    const held = new Set(
      (await holdLeases(this.client, leases, this.work.at)).map((key) => `${key.instance_id} ${key.id}`),
    );
    return ({ request: { lease, input, instanceId } }) =>
      lease === undefined || !('taskId' in input) || held.has(`${instanceId} ${input.taskId}`);
  }

  private async retryFaults(
    retries: readonly QueuedRequest<Extract<RunnerRequest, { kind: 'retry-fault' }>>[],
    locked: ReadonlyMap<string, InstanceRow>,
  ): Promise<void> {
    const reachable = retries.filter((queued) => {
      if (locked.has(queued.request.instanceId)) return true;
      this.later.push(queued as unknown as QueuedRequest);
      return false;
    });
    const closed = await resumeParkedCommands(
      this.client,
      reachable.map(({ request }) => ({
        subject_id: request.subjectId,
        instance_id: request.instanceId,
        id: request.incidentId,
        at: this.timestamp,
      })),
    );
    for (const { instance_id } of closed) this.resolvedFaults.add(instance_id);
    for (const { request, resolve } of reachable) {
      const found = closed.some((row) => row.instance_id === request.instanceId && row.id === request.incidentId);
      if (found) this.countDone(request);
      this.settle.push(() => resolve(found));
    }
  }
  private readonly resolvedFaults = new Set<string>();

  private async suspend(
    requests: readonly QueuedRequest<SuspendOrder>[],
    locked: ReadonlyMap<string, InstanceRow>,
  ): Promise<void> {
    const reachable = requests.filter((queued) => {
      if (locked.has(queued.request.instanceId)) return true;
      this.later.push(queued);
      return false;
    });
    const { suspended, resumed } = await this.suspension.change(
      locked.values(),
      reachable.map(({ request }) => request),
    );
    for (const { request, resolve } of reachable) {
      const changed = (request.suspended ? suspended : resumed).has(request.instanceId);
      if (changed) this.countDone(request);
      this.settle.push(() => resolve(changed));
    }
  }

  /** What must not be lost waits for the resumption; whoever can come again is told to. */
  private holdRequest(queued: QueuedRequest<InputOrder>): void {
    const { subjectId, instanceId, input, keep } = queued.request;
    if (!keep) {
      this.settle.push(() => queued.reject(isSuspended(instanceId)));
      return;
    }
    const key = { subject_id: subjectId, instance_id: instanceId };
    this.suspension.hold(key, { id: `kept ${randomUUID()}`, attempts: 0, payload: { input } });
    if ('taskId' in input) this.endedTasks.push({ ...key, id: input.taskId });
    this.settle.push(() => queued.resolve(true));
  }

  private async migrate(
    queued: QueuedRequest<MigrateOrder>,
    row: InstanceRow,
    pending: Map<string, PendingInput[]>,
  ): Promise<void> {
    const { version, mapping } = queued.request;
    if (this.work.faulty.has(row.id)) {
      this.settle.push(() => queued.reject(this.stepFailed(row.id)));
      return;
    }
    const definition = await this.services.definitions.get(row.workflow_key, version).catch((error: unknown) => error);
    if (definition instanceof Error) {
      this.settle.push(() => queued.reject(definition));
      return;
    }
    append(
      pending,
      row.id,
      migration(definition as Definition, version, mapping, this.work.at, (outcome) => {
        if (outcome === true) this.countDone(queued.request);
        this.settle.push(() => (outcome instanceof Error ? queued.reject(outcome) : queued.resolve(outcome)));
      }),
    );
  }

  /** What was done for a batch operation. */
  private countDone(request: DoneForOperation): void {
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
  private readonly doneItems: OperationItem[] = [];

  private fromCommand(payload: PendingSource['payload'], source: PendingSource): PendingInput {
    const input = { ...payload.input, at: this.work.at } as Input;
    const { message } = payload;
    if (!message) return { input, source };
    const applied = (changed: boolean): void => {
      if (!changed) this.publications.push({ message, named: false, returned: true, settle: () => undefined });
    };
    return { input, source, applied };
  }

  private fromRequest(queued: QueuedRequest): PendingInput {
    const { request } = queued as QueuedRequest<Extract<RunnerRequest, { kind: 'input' }>>;
    if ('taskId' in request.input)
      this.endedTasks.push({
        subject_id: request.subjectId,
        instance_id: request.instanceId,
        id: request.input.taskId,
      });
    const faulty = this.work.faulty.has(request.instanceId);
    if (faulty)
      this.settle.push(() =>
        request.keep ? queued.resolve(true) : queued.reject(this.stepFailed(request.instanceId)),
      );
    return {
      input: { ...request.input, at: this.work.at } as Input,
      source:
        faulty && !request.keep ? null : { id: `kept ${randomUUID()}`, attempts: 0, payload: { input: request.input } },
      applied: (changed) => {
        if (changed) this.countDone(request);
        this.settle.push(() => queued.resolve(changed));
      },
    };
  }

  /** Makes the locked instances ready to advance; parks what is for faulty ones. */
  private async bringToLife(
    locked: readonly InstanceRow[],
    pending: ReadonlyMap<string, PendingInput[]>,
  ): Promise<void> {
    const { faulty, at } = this.work;
    const busy = locked.filter((row) => pending.has(row.id));
    await parkFaults(
      this.client,
      busy.filter((row) => faulty.has(row.id)),
      pending,
      faulty,
      at,
    );
    const sound = busy.filter((row) => !faulty.has(row.id));
    const unusable = new Map<string, unknown>();
    for (const row of sound) {
      const definition = await this.services.definitions.get(row.workflow_key, row.version).catch((error: unknown) => {
        unusable.set(row.id, error);
      });
      if (!definition) continue;
      const resolved = this.resolvedFaults.has(row.id) ? 1 : 0;
      const state = stateFromJson(row.state);
      this.live.set(row.id, {
        subjectId: row.subject_id,
        id: row.id,
        workflowKey: row.workflow_key,
        version: row.version,
        definition,
        parentInstanceId: row.parent_instance_id,
        parentCallId: row.parent_call_id,
        callDepth: row.call_depth,
        businessKey: row.business_key,
        storedRevision: row.revision,
        migrated: false,
        openFaults: row.open_incidents - state.incidents.length - resolved,
        state,
        stateText: '',
        pending: pending.get(row.id)!,
        steps: [],
        effects: [],
      });
    }
    if (unusable.size > 0) throw new FaultyInstancesError(unusable);
  }

  private async startInstances(
    starts: readonly QueuedRequest<StartOrder>[],
    versions: ReadonlyMap<string, StartableVersions>,
    users: ReadonlySet<string>,
  ): Promise<void> {
    const released: string[] = [];
    for (const { request, resolve, reject } of starts) {
      const { instanceId, subjectId, workflowKey } = request;
      const started = await this.startable(request, versions, users);
      if (started instanceof Error) {
        if (request.idempotency) released.push(request.idempotency.key);
        this.settle.push(() => reject(started));
        continue;
      }
      this.live.set(instanceId, {
        subjectId,
        id: instanceId,
        workflowKey,
        version: started.version,
        definition: started.definition,
        parentInstanceId: null,
        parentCallId: null,
        callDepth: 0,
        businessKey: request.businessKey,
        storedRevision: null,
        migrated: false,
        openFaults: 0,
        state: createInstance({
          instanceId,
          subjectId,
          ...(request.businessKey === null ? {} : { businessKey: request.businessKey }),
        }),
        stateText: '',
        pending: [
          { input: { kind: 'start', at: this.work.at, ...started.input, variables: request.variables }, source: null },
        ],
        steps: [],
        effects: [],
      });
      this.settle.push(() => resolve({ instanceId, subjectId }));
    }
    await releaseIdempotencyKeys(this.client, released);
  }

  /** The definition to start; or why it cannot be started. */
  private async startable(
    { instanceId, workflowKey, version, subjectId, startEvent }: StartOrder,
    versions: ReadonlyMap<string, StartableVersions>,
    users: ReadonlySet<string>,
  ): Promise<StartableDefinition | Error> {
    if (this.work.faulty.has(instanceId)) return this.stepFailed(instanceId);
    const chosen = versionToStart(workflowKey, version, versions.get(workflowKey));
    if (chosen instanceof Error) return chosen;
    if (!users.has(subjectId)) return unknownUser(subjectId);
    try {
      const definition = await this.services.definitions.get(workflowKey, chosen);
      const input = startEventToStart(definition, startEvent);
      return input instanceof Error ? input : { version: chosen, definition, input };
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** What a request is told whose instance made an earlier run of this batch fail. */
  private stepFailed(instanceId: string): Error {
    const cause = this.work.faulty.get(instanceId);
    return cause instanceof InstanceTooLargeError
      ? new UnprocessableError('The instance would become too large', [
          { message: cause.message, remedy: cause.remedy },
        ])
      : stepFailed(instanceId);
  }

  private async write(locked: number, startTimers: readonly StartTimerRow[], dueNow: boolean): Promise<BatchResult> {
    const { client, work } = this;
    const moved = [...this.live.values()].filter((instance) => instance.steps.length > 0);
    const workflows = listed(unique(moved.map(({ workflowKey }) => workflowKey)));
    const called = moved.flatMap(({ effects }) =>
      effects.flatMap((effect) => (effect.kind === 'start-instance' ? [effect.workflowKey] : [])),
    );
    const callable = await findCallableWorkflows(client, this.services.definitions, unique(called));
    const rows = new BatchRows(work.at, callable);
    for (const instance of moved) rows.addInstance(instance);
    for (const key of this.endedTasks) rows.endTask(key);
    if (dueNow) rows.expectDueNow();
    for (const { request, resolve } of this.requestsOf('publish'))
      this.publications.push({
        message: request.message,
        named: request.named,
        returned: false,
        settle: (response) => this.settle.push(() => resolve(response)),
      });
    for (const message of rows.thrownMessages)
      this.publications.push({ message, named: false, returned: false, settle: () => undefined });
    const broadcasts = [
      ...rows.thrownSignals.map((signal) => ({ ...signal, settle: () => undefined })),
      ...this.requestsOf('signal').map(({ request: { name, variables }, resolve }) => ({
        name,
        variables,
        thrower: null,
        settle: (response: BroadcastSignalResponse) => this.settle.push(() => resolve(response)),
      })),
    ];
    const written = rows.write(client);
    const reached = inOrder(
      fireStartTimers(client, this.services.definitions, work.at, startTimers, rows),
      correlate(client, work.at, rows, this.publications),
      broadcastSignals(client, work.at, rows, broadcasts),
      lookAtChangedUsers(client, this.services, work.at, rows, work.commands),
    );
    const settled = this.suspension.isAny ? written.then(() => this.settleSuspended(moved, rows)) : null;
    // Where there is nobody to reach, all goes in one round trip.
    const commanded = inOrder(reached, settled).then(() => {
      const { nextDue: due, cancelledJobs } = rows;
      const jobs = rows.jobs + this.suspension.offeredJobs > 0;
      const tell = moved.length > 0 || due !== null || jobs;
      return inOrder(
        rows.writeCommands(client),
        tell ? this.services.announce(client, { due, jobs, cancelledJobs, workflows }) : null,
        finishItems(client, this.doneItems),
      );
    });
    await inOrder(written, reached, commanded);
    return {
      settle: this.settle,
      later: this.later,
      moved: moved.length,
      locked,
      nextDue: rows.nextDue,
      jobs: rows.jobs + this.suspension.offeredJobs > 0,
      cancelledJobs: rows.cancelledJobs,
      workflows,
    };
  }

  private async settleSuspended(moved: readonly LiveInstance[], rows: BatchRows): Promise<void> {
    if (await this.suspension.settle(moved)) rows.expectDueNow();
  }
}

/** What a notice may hold: PostgreSQL takes no more than 8,000 bytes. */
const listed = (keys: readonly string[]): readonly string[] | null =>
  keys.reduce((length, key) => length + 4 * key.length, 0) < 4_000 ? keys : null;

type DoneForOperation = InputOrder | FaultRetryOrder | SuspendOrder | MigrateOrder;

function append<T>(lists: Map<string, T[]>, name: string, item: T): void {
  const list = lists.get(name);
  if (list) list.push(item);
  else lists.set(name, [item]);
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];

const unknownUser = (id: string): Error =>
  new NotFoundError(
    `User "${id}" is unknown. Create the user first (PUT /api/users/${encodeURIComponent(id)}), then start.`,
  );

const stepFailed = (instanceId: string): Error =>
  new ProblemError(
    500,
    'step-failed',
    'The step failed',
    `The step of instance ${instanceId} failed because of a defect of this server, and nothing was changed. The server's log tells more.`,
  );
