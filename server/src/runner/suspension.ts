import { randomUUID } from 'node:crypto';
import type { Input } from '@xflow/engine';
import type { PoolClient } from 'pg';
import { ConflictError } from '../http-problems/problem-error.js';
import type { CallerSuspended } from './command.js';
import type { LiveInstance, PendingSource } from './live-instance.js';
import type { SuspendOrder } from './request.js';
import { holdCommands } from './sql/hold-commands.js';
import { holdJobs } from './sql/hold-jobs.js';
import type { NewCommandRow } from './sql/insert-commands.js';
import type { InstanceRow } from './sql/lock-instances.js';
import type { CommandRow } from './sql/take-commands.js';
import { resumeInstances } from './sql/resume-instances.js';
import { suspendCalledInstances } from './sql/suspend-called-instances.js';
import { suspendInstances, type SuspendedRow } from './sql/suspend-instances.js';

/** Which instance is to be suspended, or resumed. */
export type SuspensionOrder = Pick<SuspendOrder, 'subjectId' | 'instanceId' | 'suspended'>;

/**
 * The suspended instances of one batch (docs/adr/0007-suspension-belongs-to-the-server.md). What an operator does is done to them, too; what
 * comes from outside (time, messages, signals, results, called instances) is held until the resumption.
 */
export class Suspension {
  private readonly suspended = new Set<string>();
  private readonly held: NewCommandRow[] = [];
  /** Jobs that resumptions have offered again. */
  offeredJobs = 0;
  /** Whether called instances have a suspension or a resumption in their inboxes now, or something that was held. */
  dueNow = false;

  /** @param at time of the batch, as PostgreSQL reads it */
  constructor(
    private readonly client: PoolClient,
    private readonly at: string,
  ) {}

  /** Whether any instance of the batch is suspended. */
  get isAny(): boolean {
    return this.suspended.size > 0;
  }

  /** Learns which instances are suspended that the batch has locked. */
  begin(locked: Iterable<InstanceRow>): void {
    for (const { id, suspended_at } of locked) if (suspended_at !== null) this.suspended.add(id);
  }

  /**
   * Suspends and resumes instances that the batch holds, and has those follow that they called; returns those that changed. What follows in the
   * batch finds them so.
   */
  async change(
    orders: readonly SuspensionOrder[],
  ): Promise<{ readonly suspended: ReadonlySet<string>; readonly resumed: ReadonlySet<string> }> {
    const rowsFor = (wanted: boolean): SuspendedRow[] =>
      orders
        .filter((order) => order.suspended === wanted)
        .map(({ subjectId, instanceId }) => ({ subject_id: subjectId, instance_id: instanceId, at: this.at }));
    const suspended = new Set((await suspendInstances(this.client, rowsFor(true))).map(({ id }) => id));
    for (const id of suspended) this.suspended.add(id);
    await holdJobs(
      this.client,
      rowsFor(true).filter((row) => suspended.has(row.instance_id)),
    );
    const resumed = await this.resume(rowsFor(false));
    await this.passOn(orders);
    return { suspended, resumed };
  }

  /** Does what the callers of these instances have passed on: of several for one instance, the last. */
  async follow(commands: readonly (Pick<CommandRow, 'subject_id' | 'instance_id'> & CallerSuspended)[]): Promise<void> {
    const last = new Map<string, SuspensionOrder>();
    for (const { subject_id, instance_id, suspended } of commands)
      last.set(instance_id, { subjectId: subject_id, instanceId: instance_id, suspended });
    const { resumed } = await this.change([...last.values()]);
    // What was held has fallen due after the batch took what was.
    if (resumed.size > 0) this.dueNow = true;
  }

  /** Whether this does not reach the instance now. */
  keepsFrom(instanceId: string, kind: Input['kind']): boolean {
    return this.suspended.has(instanceId) && !operators.has(kind);
  }

  hold(key: Pick<NewCommandRow, 'subject_id' | 'instance_id'>, { id, attempts, payload }: PendingSource): void {
    const { subject_id, instance_id } = key;
    const kind = payload.input.kind;
    this.held.push({ subject_id, instance_id, id, due_at: 'infinity', kind, payload, attempts });
  }

  /** Writes what was held. */
  async write(): Promise<void> {
    await holdCommands(this.client, this.held, this.at);
  }

  /**
   * After the instances are written: jobs and calls that an operator's change has made wait for the resumption, and an instance that has ended keeps
   * nothing back. True: something is due again.
   */
  async settle(moved: readonly LiveInstance[]): Promise<boolean> {
    const touched = moved.filter(({ id }) => this.suspended.has(id));
    const rowsOf = (active: boolean): SuspendedRow[] =>
      touched
        .filter(({ state }) => (state.status === 'active') === active)
        .map(({ subjectId, id }) => ({ subject_id: subjectId, instance_id: id, at: this.at }));
    await holdJobs(this.client, rowsOf(true));
    const calling = touched.filter(({ effects }) => effects.some(({ kind }) => kind === 'start-instance'));
    await this.passOn(calling.map(({ subjectId, id }) => ({ subjectId, instanceId: id, suspended: true })));
    return (await this.resume(rowsOf(false))).size > 0 || this.dueNow;
  }

  private async passOn(orders: readonly SuspensionOrder[]): Promise<void> {
    const callers = orders.map(({ subjectId, instanceId, suspended }) => ({
      subject_id: subjectId,
      instance_id: instanceId,
      id: `suspension ${randomUUID()}`,
      suspended,
      at: this.at,
    }));
    if (await suspendCalledInstances(this.client, callers)) this.dueNow = true;
  }

  private async resume(rows: readonly SuspendedRow[]): Promise<ReadonlySet<string>> {
    const resumed = await resumeInstances(this.client, rows);
    for (const { id, jobs } of resumed) {
      this.suspended.delete(id);
      this.offeredJobs += jobs;
    }
    return new Set(resumed.map(({ id }) => id));
  }
}

const operators: ReadonlySet<Input['kind']> = new Set([
  'cancelled',
  'modified',
  'migrated',
  'variables-set',
  'incident-resolved',
] as const);

export const isSuspended = (instanceId: string): Error =>
  new ConflictError(
    `Instance ${instanceId} is suspended, and takes nothing from outside. Resume it first (POST /api/instances/${instanceId}/resume).`,
  );
