import { randomUUID } from 'node:crypto';
import { watchesUser, type Definition, type Input, type InstanceState, stateFromJson } from '@xflow/engine';
import type { BroadcastSignalResponse } from '@xflow/schemas';
import type { PoolClient } from 'pg';
import { addEffects } from './add-effects.js';
import { advanceInstances } from './advance-instances.js';
import { BatchContext, type BatchServices, type BatchWork } from './batch-context.js';
import { BatchRows } from './batch-rows.js';
import { listed, type News } from './channel.js';
import { isKnownInput } from './command.js';
import { correlate, type Publication } from './correlation.js';
import { findCallableWorkflows } from './callable-workflows.js';
import { DirectDelivery } from './direct-delivery.js';
import { FaultyInstancesError } from './faulty-instances-error.js';
import { countedAs } from './instance-counts.js';
import { InstanceRequests } from './instance-requests.js';
import { refuseStepsBeyondLife } from './life-bound.js';
import type { LiveInstance, PendingInput, PendingSource } from './live-instance.js';
import { waitsAgainBy } from './message-in-turn.js';
import { parkFaults } from './park-faults.js';
import type { QueuedRequest } from './request.js';
import { broadcastSignals, goOnBroadcasting } from './signals.js';
import { claimStartTimers, type StartTimerRow } from './sql/claim-start-timers.js';
import { finishItems } from './sql/finish-items.js';
import { inOrder } from './sql/in-order.js';
import { lockDueInstances } from './sql/lock-due-instances.js';
import { lockInstances, type InstanceRow } from './sql/lock-instances.js';
import { lockProfiles } from './sql/lock-profiles.js';
import { takeCommands, type CommandRow } from './sql/take-commands.js';
import { takeFirstCommands } from './sql/take-first-commands.js';
import { StartRequests } from './start-requests.js';
import { fireStartTimers } from './start-timers.js';
import { NewerFormatError, NewerInstancesError, storedFormat } from './stored-format.js';
import { isRefusedData } from './transaction.js';
import { lookAtChangedUsers } from './user-conditions.js';

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
  /** Whether the batch has called for guard. */
  readonly calledForGuard: boolean;
}

/**
 * One batch of steps in one transaction, which the caller begins and commits: locks instances, takes their inputs, advances all of
 * them in memory, and writes everything back with a number of statements that does not depend on theirs.
 * @throws {FaultyInstancesError} when steps threw; then the caller rolls back, and runs the batch again without these instances.
 */
export async function runBatch(services: BatchServices, client: PoolClient, work: BatchWork): Promise<BatchResult> {
  const batch = new Batch(new BatchContext(services, client, work));
  try {
    return await batch.run();
  } catch (error) {
    // What the database refuses, when there is only one instance, is that instance's fault.
    const [only, ...others] = batch.instanceIds;
    if (only === undefined || others.length > 0 || !isRefusedData(error)) throw error;
    throw new FaultyInstancesError(new Map([[only, error]]));
  }
}

/** Commands of one instance among those that a batch finds due, from which on there may be more than it should take at once. */
const manyCommands = 10;

/** Conducts the parts of a batch: what is locked and taken, in which order it is applied, and what is written. */
class Batch {
  private readonly starts: StartRequests;
  private readonly requests: InstanceRequests;
  private readonly direct: DirectDelivery;
  private readonly publications: Publication[] = [];

  constructor(private readonly context: BatchContext) {
    this.starts = new StartRequests(context);
    this.requests = new InstanceRequests(context);
    this.direct = new DirectDelivery(context);
  }

  get instanceIds(): readonly string[] {
    return [...this.context.live.keys()];
  }

  async run(): Promise<BatchResult> {
    const { client, work, services, suspension, live } = this.context;
    const { requests, direct } = this;
    const [starts, named, due, startTimers] = await inOrder(
      this.starts.look(),
      lockInstances(client, requests.instances),
      lockDueInstances(client, work.at, work.commands),
      work.commands > 0 ? claimStartTimers(client, work.at) : [],
      direct.lock(),
    );
    const full = work.commands > 0 && due.length >= work.commands;
    if (full) services.foundMore();
    const locked = new Map([...named, ...due, ...direct.instances].map((row) => [row.id, row]));
    requests.leaveNewer(named, locked);
    suspension.begin(locked.values());
    await requests.suspend(locked);
    const [, commands, held, signalled] = await inOrder(
      requests.retryFaults(locked),
      // What came before a message is in the inbox of its receiver.
      work.commands > 0 || requests.makeDue || direct.instances.length > 0
        ? this.takeCommands([...locked.values()], full ? due : [])
        : [],
      requests.reportsHeld(),
      work.commands > 0 && !full ? goOnBroadcasting(client) : 0,
    );
    refuseStepsBeyondLife(this.context, locked.values(), commands);
    await this.giveCommands(commands);
    await requests.give(locked, held);
    direct.give(this.busy);
    await suspension.write();
    await this.bringToLife([...locked.values()]);
    await this.starts.begin(starts);
    await this.lockWatchedUsers();
    const noted = await advanceInstances(live.values(), services.answers, client, work.at);
    this.publications.push(...direct.publications());
    return await this.write(named.length + due.length, startTimers, noted || signalled > 0);
  }

  /**
   * Takes what is due for the instances: all of it, but of an instance that very much has come for no more than a batch at a time.
   * @param due instances of the commands that were found, where there may be more of them
   */
  private async takeCommands(locked: readonly InstanceRow[], due: readonly InstanceRow[]): Promise<CommandRow[]> {
    const { client, work } = this.context;
    const found = new Map<string, number>();
    for (const { id } of due) found.set(id, (found.get(id) ?? 0) + 1);
    for (const [id, commands] of found) if (commands > manyCommands) this.busy.add(id);
    const isBusy = ({ id }: InstanceRow): boolean => this.busy.has(id);
    const [all, first] = await inOrder(
      takeCommands(
        client,
        locked.filter((row) => !isBusy(row)),
        work.at,
      ),
      takeFirstCommands(client, locked.filter(isBusy), work.at, work.commands),
    );
    return [...all, ...first];
  }
  /** Instances for which more may be due than the batch takes. */
  private readonly busy = new Set<string>();

  private async giveCommands(commands: readonly CommandRow[]): Promise<void> {
    const { suspension } = this.context;
    await suspension.follow(
      commands.flatMap(({ payload, ...key }) => ('suspended' in payload ? [{ ...key, ...payload }] : [])),
    );
    for (const command of commands) {
      const { payload } = command;
      if ('suspended' in payload) continue;
      const source = { ...command, payload };
      if (suspension.keepsFrom(command.instance_id, payload.input.kind)) suspension.hold(command, source);
      else this.context.give(command.instance_id, this.toPending(command.instance_id, payload, source));
    }
  }

  private toPending(instanceId: string, payload: PendingSource['payload'], source: PendingSource): PendingInput {
    const input = { ...payload.input, at: this.context.work.at } as Input;
    const { message } = payload;
    if (!message || input.kind !== 'message') return { input, source };
    const applied = (changed: boolean): void => {
      if (changed) return;
      const instance = this.context.live.get(instanceId)!;
      const subscriptionId = waitsAgainBy(instance, message);
      if (subscriptionId !== null && subscriptionId !== input.subscriptionId)
        instance.pending.unshift(
          this.toPending(instanceId, { ...payload, input: { ...input, subscriptionId } }, source),
        );
      else this.publications.push({ message, named: false, returned: true, receivedBy: [], settle: () => undefined });
    };
    return { input, source, applied };
  }

  /** Makes the locked instances ready to advance; parks what is for faulty ones. */
  private async bringToLife(locked: readonly InstanceRow[]): Promise<void> {
    const { client, counts, faulty, live, pending, services, work } = this.context;
    const busy = locked.filter((row) => pending.has(row.id));
    const parked = await parkFaults(
      client,
      busy.filter((row) => faulty.has(row.id)),
      pending,
      faulty,
      work.at,
    );
    for (const row of parked)
      counts.move(countedAs(row), countedAs({ ...row, open_incidents: row.open_incidents + 1 }));
    const sound = busy.filter((row) => !faulty.has(row.id));
    const unusable = new Map<string, unknown>();
    const newer = new Map<string, number>();
    for (const row of sound) {
      if (pending.get(row.id)!.some(({ input }) => !isKnownInput(input.kind))) newer.set(row.id, storedFormat + 1);
      let definition: Definition;
      let state: InstanceState;
      try {
        definition = await services.definitions.get(row.workflow_key, row.version);
        state = stateFromJson(row.state);
      } catch (error) {
        if (error instanceof NewerFormatError) newer.set(row.id, error.format);
        else unusable.set(row.id, error);
        continue;
      }
      live.set(row.id, {
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
        counted: countedAs(row),
        openFaults: row.open_incidents - state.incidents.length,
        state,
        stateText: '',
        pending: pending.get(row.id)!,
        steps: [],
        effects: [],
      });
    }
    if (newer.size > 0) throw new NewerInstancesError(newer);
    if (unusable.size > 0) throw new FaultyInstancesError(unusable);
  }

  /** An instance that may come to wait for changes of its user reads no profile that is changing: user-conditions.ts tells why. */
  private async lockWatchedUsers(): Promise<void> {
    const watching = [...this.context.live.values()].filter(
      // What an instance migrates to is known when its turn comes.
      ({ definition, pending }) => watchesUser(definition) || pending.some(({ prepare }) => prepare !== undefined),
    );
    if (watching.length > 0)
      await lockProfiles(this.context.client, unique(watching.map(({ subjectId }) => subjectId)));
  }

  private async write(locked: number, startTimers: readonly StartTimerRow[], dueNow: boolean): Promise<BatchResult> {
    const { client, work, services, suspension, counts, live, settle } = this.context;
    const { endedTasks, handedOver, doneItems, later } = this.requests;
    const moved = [...live.values()].filter((instance) => instance.steps.length > 0);
    const workflows = listed(unique(moved.map(({ workflowKey }) => workflowKey)));
    const called = moved.flatMap(({ effects }) =>
      effects.flatMap((effect) => (effect.kind === 'start-instance' ? [effect.workflowKey] : [])),
    );
    const callable = await findCallableWorkflows(client, services.definitions, unique(called));
    const rows = new BatchRows(work.at, counts);
    for (const instance of moved) {
      addEffects(rows, instance, callable);
      rows.addInstance(instance);
    }
    for (const key of endedTasks) rows.endTask(key);
    for (const { subjectId, instanceId, input } of handedOver) {
      rows.addCommand(rows.inboxCommand(subjectId, instanceId, `kept ${randomUUID()}`, { input }));
      if ('taskId' in input) rows.endTask({ subject_id: subjectId, instance_id: instanceId, id: input.taskId });
    }
    if (dueNow || suspension.dueNow) rows.expectDueNow();
    for (const message of rows.thrownMessages)
      this.publications.push({ message, named: false, returned: false, receivedBy: [], settle: () => undefined });
    const broadcasts = [
      ...rows.thrownSignals.map((signal) => ({ ...signal, settle: () => undefined })),
      ...this.context.requestsOf('signal').map(({ request: { name, variables }, resolve }) => ({
        name,
        variables,
        thrower: null,
        settle: (response: BroadcastSignalResponse) => settle.push(() => resolve(response)),
      })),
    ];
    const written = rows.write(client);
    const reached = inOrder(
      fireStartTimers(client, services.definitions, work.at, startTimers, rows),
      correlate(client, work.at, rows, this.publications),
      broadcastSignals(client, work.at, rows, broadcasts),
      lookAtChangedUsers(client, services, work.at, rows, work.commands),
    );
    const settled = suspension.isAny ? written.then(() => this.settleSuspended(moved, rows)) : null;
    let calledForGuard = false;
    // Where there is nobody to reach, all goes in one round trip.
    const commanded = inOrder(reached, settled).then(() => {
      calledForGuard = !work.guarded && (rows.nextDue !== null || rows.jobs + suspension.offeredJobs > 0);
      return inOrder(
        rows.writeCommands(client),
        calledForGuard ? services.callForGuard(client) : null,
        finishItems(client, doneItems),
      );
    });
    await inOrder(written, reached, commanded);
    return {
      settle,
      later,
      moved: moved.length,
      locked,
      nextDue: rows.nextDue,
      jobs: rows.jobs + suspension.offeredJobs > 0,
      cancelledJobs: rows.cancelledJobs,
      workflows,
      calledForGuard,
    };
  }

  private async settleSuspended(moved: readonly LiveInstance[], rows: BatchRows): Promise<void> {
    if (await this.context.suspension.settle(moved)) rows.expectDueNow();
  }
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];
