import type { ElementPair } from '@xflow/engine';
import { createInstance, inspect, stateToJson } from '@xflow/engine';
import type { PoolClient } from 'pg';
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
 * The rows that a batch writes: collected from all of its instances, then written with one statement a table.
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
  /** The batch's time, as PostgreSQL reads it. */
  readonly at: string;

  /**
   * @param now the batch's time: milliseconds since 1970
   * @param counts what the batch changes about the numbers of instances
   */
  constructor(
    readonly now: number,
    private readonly counts: InstanceCounts,
  ) {
    this.at = toTimestamp(now);
  }
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

  /** The state of an instance after the batch, and its history; its effects are add-effects.ts's. */
  addInstance(instance: LiveInstance): void {
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
    this.commands.set(keyOf(row), row);
  }

  cancelTimer(key: RowKey): void {
    if (!this.commands.delete(keyOf(key))) this.cancelledTimers.push(key);
  }

  openSubscription(row: SubscriptionRow): void {
    this.subscriptions.set(keyOf(row), row);
  }

  closeSubscription(key: RowKey): void {
    if (!this.subscriptions.delete(keyOf(key))) this.closedSubscriptions.push(key);
  }

  addTask(row: NewTaskRow): void {
    this.tasks.set(keyOf(row), row);
  }

  cancelTask(key: RowKey): void {
    if (this.tasks.delete(keyOf(key))) return;
    this.endedTasks.push(key);
    this.cancelledJobs = true;
  }

  cancelCall(call: CancelledCall): void {
    this.cancelledCalls.push(call);
  }

  addIncident(row: NewIncidentRow): void {
    this.incidents.push(row);
  }

  resolveIncident(key: RowKey): void {
    this.resolvedIncidents.push({ ...key, resolved_at: this.at });
  }

  /** Elements of an instance have other ids from now on. What the batch has announced for the old ones before is announced for the new ones. */
  renameElements({ subjectId: subject_id, id: instance_id }: LiveInstance, elements: readonly ElementPair[]): void {
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
}

const keyOf = ({ instance_id, id }: RowKey): string => `${instance_id} ${id}`;
