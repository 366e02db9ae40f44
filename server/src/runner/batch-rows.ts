import { randomUUID } from 'node:crypto';
import type { Effect, ElementPair } from '@xflow/engine';
import { createInstance, inspect, stateToJson } from '@xflow/engine';
import type { PoolClient } from 'pg';
import { invariant } from '../invariant.js';
import { bounds } from './bounds.js';
import type { CallableWorkflow } from './callable-workflows.js';
import { newInstanceId } from './instance-id.js';
import type { PublishedMessage, ThrownSignal } from './command.js';
import { incidentsAt, type InstanceCounts } from './instance-counts.js';
import type { LiveInstance } from './live-instance.js';
import { cancelCalledInstances, type CancelledCall } from './sql/cancel-called-instances.js';
import { closeFaults, type EndedInstanceRow } from './sql/close-faults.js';
import { deleteCommands } from './sql/delete-commands.js';
import { deleteSubscriptions } from './sql/delete-subscriptions.js';
import { deleteTasks } from './sql/delete-tasks.js';
import { inOrder } from './sql/in-order.js';
import { insertCommands, type NewCommandRow } from './sql/insert-commands.js';
import { insertHistory, type HistoryRow } from './sql/insert-history.js';
import { insertIncidents, type NewIncidentRow } from './sql/insert-incidents.js';
import { insertInstances, type NewInstanceRow } from './sql/insert-instances.js';
import { insertSubscriptions, type SubscriptionRow } from './sql/insert-subscriptions.js';
import { insertTasks, type NewTaskRow } from './sql/insert-tasks.js';
import { moveToVersions } from './sql/move-to-versions.js';
import { renameElements, type RenamedElement } from './sql/rename-elements.js';
import { resolveIncidents } from './sql/resolve-incidents.js';
import type { RowKey } from './sql/row-key.js';
import { saveMessages, type MessageRow } from './sql/save-messages.js';
import { saveVariables, type SearchableRow } from './sql/save-variables.js';
import { searchableRows } from './searchable-variables.js';
import { toTimestamp } from './sql/statement.js';
import { updateInstances, type ChangedInstanceRow } from './sql/update-instances.js';

/** How long a message of an instance is kept for one who comes to wait for it: an hour, in milliseconds. */
const thrownMessageLifetime = 3_600_000;

/** What an instance is to be started with, when it is not started by the batch itself but by a command of its own. */
export interface CommandedStart {
  readonly id: string;
  readonly subjectId: string;
  readonly workflowKey: string;
  readonly version: number;
  readonly parent: { readonly instanceId: string; readonly callId: string; readonly depth: number } | null;
  readonly businessKey: string | null;
  readonly command: NewCommandRow;
}

/**
 * The rows that a batch writes: collected from the effects of all of its instances, then written with one statement a table.
 * What a batch both makes and takes back (a timer that is cancelled in the same breath) is never written.
 */
export class BatchRows {
  readonly commands = new Map<string, NewCommandRow>();
  readonly subscriptions = new Map<string, SubscriptionRow>();
  /** Messages and signals that the steps have thrown. */
  readonly thrownMessages: PublishedMessage[] = [];
  readonly thrownSignals: ThrownSignal[] = [];
  private readonly tasks = new Map<string, NewTaskRow>();
  private readonly messages: MessageRow[] = [];
  private readonly newInstances: NewInstanceRow[] = [];
  private readonly changedInstances: ChangedInstanceRow[] = [];
  private readonly history: HistoryRow[] = [];
  private readonly incidents: NewIncidentRow[] = [];
  private readonly resolvedIncidents: (RowKey & { resolved_at: string })[] = [];
  private readonly endedWithFaults: EndedInstanceRow[] = [];
  private readonly cancelledTimers: RowKey[] = [];
  private readonly closedSubscriptions: RowKey[] = [];
  private readonly endedTasks: RowKey[] = [];
  private readonly cancelledCalls: CancelledCall[] = [];
  private readonly variables: SearchableRow[] = [];
  private readonly renamedElements: RenamedElement[] = [];
  private readonly migrated: { subject_id: string; id: string; version: number }[] = [];
  private readonly at: string;

  /** @param callable of every workflow that is called. @param counts what the batch changes about the numbers of instances. */
  constructor(
    at: number,
    private readonly callable: ReadonlyMap<string, CallableWorkflow>,
    private readonly counts: InstanceCounts,
  ) {
    this.now = at;
    this.at = toTimestamp(at);
  }
  private readonly now: number;
  private dueNow = false;

  /** Whether tasks are cancelled that were there before the batch. */
  cancelledJobs = false;

  get jobs(): number {
    let jobs = 0;
    for (const task of this.tasks.values()) if (task.kind === 'job') jobs++;
    return jobs;
  }

  /** When the first of the written commands is due; null: there is none. Milliseconds since 1970. */
  get nextDue(): number | null {
    let next = this.dueNow || this.cancelledCalls.length + this.endedWithFaults.length > 0 ? this.now : Infinity;
    for (const { due_at } of this.commands.values()) next = Math.min(next, Date.parse(due_at) || Infinity);
    return next === Infinity ? null : next;
  }

  /** Commands that are due were written beside these rows. */
  expectDueNow(): void {
    this.dueNow = true;
  }

  /** The state of an instance after the batch, its history, and its effects. */
  addInstance(instance: LiveInstance): void {
    instance.effects.forEach((effect, index) => this.addEffect(instance, effect, index));
    const { waitingAt, incidents, stage, status } = inspect(instance.definition, instance.state);
    const ended = status !== 'active';
    const openFaults = ended ? 0 : instance.openFaults;
    if (ended && instance.openFaults > 0)
      this.endedWithFaults.push({ subject_id: instance.subjectId, instance_id: instance.id, at: this.at });
    const revision = (instance.storedRevision ?? 0) + instance.steps.length;
    const row = {
      subject_id: instance.subjectId,
      id: instance.id,
      status,
      revision,
      stage,
      waiting_at: waitingAt,
      open_incidents: incidents.length + openFaults,
      state: instance.stateText,
      ended_at: ended ? this.at : null,
    };
    if (instance.storedRevision === null)
      this.newInstances.push({
        ...row,
        workflow_key: instance.workflowKey,
        version: instance.version,
        parent_instance_id: instance.parentInstanceId,
        parent_call_id: instance.parentCallId,
        call_depth: instance.callDepth,
        business_key: instance.businessKey,
        started_at: this.at,
      });
    else this.changedInstances.push({ ...row, expected_revision: instance.storedRevision });
    const { workflowKey, version } = instance;
    this.counts.move(instance.counted, {
      workflowKey,
      version,
      status,
      openIncidents: row.open_incidents,
      waitingAt: ended ? [] : waitingAt,
      incidentsAt: incidentsAt(incidents, workflowKey, openFaults),
    });
    this.variables.push(...searchableRows(instance));
    if (instance.migrated)
      this.migrated.push({ subject_id: instance.subjectId, id: instance.id, version: instance.version });
    this.history.push({
      subject_id: instance.subjectId,
      instance_id: instance.id,
      revision: (instance.storedRevision ?? 0) + 1,
      at: this.at,
      steps: instance.steps,
    });
  }

  /** A task is over, however it ended. */
  endTask(key: RowKey): void {
    this.endedTasks.push(key);
  }

  /** An instance whose start lies in its inbox. */
  addCommandedStart({ id, subjectId, workflowKey, version, parent, businessKey, command }: CommandedStart): void {
    this.newInstances.push({
      subject_id: subjectId,
      id,
      workflow_key: workflowKey,
      version,
      parent_instance_id: parent?.instanceId ?? null,
      parent_call_id: parent?.callId ?? null,
      call_depth: parent === null ? 0 : parent.depth + 1,
      business_key: businessKey,
      status: 'active',
      revision: 0,
      stage: null,
      waiting_at: [],
      open_incidents: 0,
      state: stateToJson(
        createInstance({ instanceId: id, subjectId, ...(businessKey === null ? {} : { businessKey }) }),
      ),
      started_at: this.at,
      ended_at: null,
    });
    this.counts.move(null, {
      workflowKey,
      version,
      status: 'active',
      openIncidents: 0,
      waitingAt: [],
      incidentsAt: [],
    });
    this.addCommand(command);
  }

  addCommand(row: NewCommandRow): void {
    this.commands.set(keyOf(row.instance_id, row.id), row);
  }

  /** A command that is due now, for the inbox of an instance. */
  inboxCommand(subjectId: string, instanceId: string, id: string, payload: NewCommandRow['payload']): NewCommandRow {
    return {
      subject_id: subjectId,
      instance_id: instanceId,
      id,
      due_at: this.at,
      kind: payload.input.kind,
      payload,
      attempts: 0,
    };
  }

  /** A message that waits for a receiver, or whose id is to be remembered. */
  saveMessage(row: MessageRow): void {
    this.messages.push(row);
  }

  /** Writes everything but the commands, which correlation may add to: see writeCommands. All statements are sent at once. */
  async write(client: PoolClient): Promise<void> {
    await inOrder(
      insertInstances(client, this.newInstances.splice(0)),
      updateInstances(client, this.changedInstances),
      moveToVersions(client, this.migrated),
      renameElements(client, this.renamedElements),
      saveVariables(client, this.variables),
      insertHistory(client, this.history),
      deleteCommands(client, this.cancelledTimers),
      deleteSubscriptions(client, this.closedSubscriptions),
      insertSubscriptions(client, [...this.subscriptions.values()]),
      deleteTasks(client, this.endedTasks),
      insertTasks(client, [...this.tasks.values()]),
      insertIncidents(client, this.incidents),
      resolveIncidents(client, this.resolvedIncidents),
      closeFaults(client, this.endedWithFaults),
    );
  }

  /** Writes the commands, the instances that are started by one of them, and messages. */
  async writeCommands(client: PoolClient): Promise<void> {
    await inOrder(
      insertInstances(client, this.newInstances),
      insertCommands(client, [...this.commands.values()]),
      cancelCalledInstances(client, this.cancelledCalls),
      saveMessages(client, this.messages),
      this.counts.write(client),
    );
  }

  private addEffect(instance: LiveInstance, effect: Effect, index: number): void {
    const { subjectId, id: instanceId, workflowKey } = instance;
    const key = (id: string): RowKey => ({ subject_id: subjectId, instance_id: instanceId, id });
    switch (effect.kind) {
      case 'schedule-timer':
        this.addCommand({
          ...key(effect.timerId),
          due_at: toTimestamp(effect.dueAt),
          kind: 'timer-due',
          payload: { input: { kind: 'timer-due', timerId: effect.timerId } },
          attempts: 0,
        });
        return;
      case 'cancel-timer':
        if (!this.commands.delete(keyOf(instanceId, effect.timerId))) this.cancelledTimers.push(key(effect.timerId));
        return;
      case 'open-subscription':
        this.subscriptions.set(keyOf(instanceId, effect.subscriptionId), {
          ...key(effect.subscriptionId),
          element_id: effect.elementId,
          event: effect.event,
          message_name: effect.messageName,
          correlation_key: effect.correlationKey,
        });
        return;
      case 'close-subscription':
        if (!this.subscriptions.delete(keyOf(instanceId, effect.subscriptionId)))
          this.closedSubscriptions.push(key(effect.subscriptionId));
        return;
      case 'publish-message':
        this.thrownMessages.push({
          id: randomUUID(),
          name: effect.messageName,
          correlationKey: effect.correlationKey,
          variables: effect.variables,
          publishedAt: this.now,
          expiresAt: this.now + thrownMessageLifetime,
          keptUntil: this.now + thrownMessageLifetime,
        });
        return;
      case 'broadcast-signal': {
        const openedSince = instance.effects
          .slice(index)
          .flatMap((later) => (later.kind === 'open-subscription' ? [later.subscriptionId] : []));
        this.thrownSignals.push({
          name: effect.signalName,
          variables: effect.variables,
          thrower: { instanceId, openedSince },
        });
        return;
      }
      case 'escalate':
        this.escalate(instance, effect.code);
        return;
      case 'create-task':
        this.tasks.set(keyOf(instanceId, effect.taskId), {
          ...key(effect.taskId),
          workflow_key: workflowKey,
          element_id: effect.elementId,
          element_name: effect.elementName,
          type: effect.type,
          kind: effect.taskKind,
          config: effect.config,
          input: effect.input,
          idempotency_key: effect.idempotencyKey,
          max_attempts: effect.retry?.attempts ?? null,
          backoff: effect.retry === undefined || effect.retry.backoff.length === 0 ? null : effect.retry.backoff,
          created_at: this.at,
        });
        return;
      case 'cancel-task':
        if (!this.tasks.delete(keyOf(instanceId, effect.taskId))) {
          this.endedTasks.push(key(effect.taskId));
          this.cancelledJobs = true;
        }
        return;
      case 'change-user':
        throw new Error('Expected changes of users to be written while instances advance: advance-instances.ts.');
      case 'start-instance':
        this.startCalled(instance, effect);
        return;
      case 'cancel-instance':
        this.cancelledCalls.push({
          subject_id: subjectId,
          parent_instance_id: instanceId,
          parent_call_id: effect.callId,
          due_at: this.at,
        });
        return;
      case 'raise-incident':
        this.incidents.push({
          ...key(effect.incident.id),
          workflow_key: workflowKey,
          element_id: effect.incident.elementId,
          type: effect.incident.type,
          reason: effect.incident.reason,
          remedy: effect.incident.remedy,
          choices: effect.incident.choices,
          raised_at: this.at,
        });
        return;
      case 'resolve-incident':
        this.resolvedIncidents.push({ ...key(effect.incidentId), resolved_at: this.at });
        return;
      case 'rename-elements':
        this.rename(instance, effect.elements);
        return;
      case 'end':
        this.endInstance(instance, effect);
        return;
      case 'ask':
        throw new Error('Expected questions to be answered within the step.');
      default:
        throw new Error(`Unknown effect: ${JSON.stringify(effect satisfies never)}.`);
    }
  }

  /** What the batch has announced for the old elements before is announced for the new ones. */
  private rename({ subjectId: subject_id, id: instance_id }: LiveInstance, elements: readonly ElementPair[]): void {
    this.renamedElements.push(...elements.map((pair) => ({ subject_id, instance_id, ...pair })));
    const targets = new Map(elements.map(({ source, target }) => [source, target]));
    for (const rows of [this.tasks, this.subscriptions] as readonly Map<
      string,
      { instance_id: string; element_id: string }
    >[])
      for (const [key, row] of rows)
        if (row.instance_id === instance_id)
          rows.set(key, { ...row, element_id: targets.get(row.element_id) ?? row.element_id });
  }

  private startCalled(instance: LiveInstance, effect: Extract<Effect, { kind: 'start-instance' }>): void {
    const { callId, workflowKey, variables } = effect;
    const callable = this.callable.get(workflowKey);
    invariant(callable !== undefined, `Expected that workflow ${workflowKey} was looked up before it is called.`);
    if ('error' in callable) {
      this.refuseCall(instance, callId, callable.error);
      return;
    }
    if (instance.callDepth >= bounds()['call-depth']) {
      const message = `Calls nest deeper than ${bounds()['call-depth']}. Look for a workflow that calls itself, and give it a way out.`;
      this.refuseCall(instance, callId, { code: 'call-depth', message });
      return;
    }
    const id = newInstanceId(this.now);
    this.addCommandedStart({
      id,
      subjectId: instance.subjectId,
      workflowKey,
      version: callable.version,
      parent: { instanceId: instance.id, callId, depth: instance.callDepth },
      businessKey: instance.businessKey,
      command: this.inboxCommand(instance.subjectId, id, 'start', { input: { kind: 'start', variables } }),
    });
  }

  private refuseCall(instance: LiveInstance, callId: string, error: { code: string; message: string }): void {
    const payload = { input: { kind: 'call-ended', callId, outcome: 'not-started', error } } as const;
    this.addCommand(this.inboxCommand(instance.subjectId, instance.id, `call-ended ${callId}`, payload));
  }

  private escalate({ parentInstanceId, parentCallId: callId, subjectId }: LiveInstance, code: string): void {
    if (parentInstanceId === null || callId === null) return;
    const input = { kind: 'call-escalated', callId, code } as const;
    this.addCommand(this.inboxCommand(subjectId, parentInstanceId, `call-escalated ${randomUUID()}`, { input }));
  }

  private endInstance(instance: LiveInstance, effect: Extract<Effect, { kind: 'end' }>): void {
    const { parentInstanceId, parentCallId: callId, subjectId } = instance;
    if (parentInstanceId === null || callId === null) return;
    const { outcome, variables, error } = effect;
    const input = {
      kind: 'call-ended',
      callId,
      outcome,
      variables,
      ...(error === undefined ? {} : { error }),
    } as const;
    this.addCommand(this.inboxCommand(subjectId, parentInstanceId, `call-ended ${callId}`, { input }));
  }
}

const keyOf = (instanceId: string, id: string): string => `${instanceId} ${id}`;
