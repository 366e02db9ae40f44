import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Clock } from '../clock/clock.js';
import { inTransaction } from '../runner/transaction.js';
import { leaseLength, type HeldJob, type JobAttempts } from './job-attempts.js';
import type { JobPolicy } from './job-policy.js';
import { JobQueue } from './job-queue.js';
import { findNextJob } from './sql/find-next-job.js';
import { leaseJobs, type LeasedJob } from './sql/lease-jobs.js';
import { payForAttempts, reserveAttempts } from './sql/limit-attempts.js';

/** Milliseconds until jobs that could not be leased are asked for again. */
const leaseAgainAfter = 250;

/** Jobs leased ahead and under way: what the memory of the dispatcher is bounded by. */
const mostHeld = 512;
/** Milliseconds after which a type is looked at again whose places are all taken by other servers. */
const patience = 1_000;

interface Lane {
  readonly type: string;
  readonly policy: JobPolicy;
  /** Leased, and not begun. */
  readonly ready: HeldJob[];
  /** Handlers at work. */
  running: number;
  /** Whether there may be jobs to lease. */
  due: boolean;
  /** When the limit that all servers share may let another job begin: milliseconds since 1970; null: it does now. */
  blockedUntil: number | null;
}

/**
 * Takes jobs straight from the table `task`, in sets: no second store to keep in step. Every type has a lane of its own, so
 * that a slow one holds up no other. At rest nobody polls: a commit wakes it, or the alarm for the next attempt.
 */
export class PostgresJobQueue extends JobQueue {
  private readonly logger = new Logger(PostgresJobQueue.name);
  private lanes: readonly Lane[] = [];
  private stopped = false;
  private leasing: Promise<void> | null = null;
  private readonly idle: (() => void)[] = [];

  /** @param policies by type; asked when the queue opens */
  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    /** Id of this server. */
    private readonly owner: string,
    private readonly attempts: JobAttempts,
    private readonly policies: () => ReadonlyMap<string, JobPolicy>,
  ) {
    super();
    attempts.onPostponed = () => this.wake();
  }

  async open(): Promise<void> {
    this.lanes = [...this.policies()]
      .map(([type, policy]) => ({ type, policy, ready: [], running: 0, due: true, blockedUntil: null }))
      .sort((a, b) => b.policy.priority - a.policy.priority);
    await Promise.resolve();
  }

  wake(): void {
    for (const lane of this.lanes) lane.due = true;
    this.fill();
  }

  async nextDue(): Promise<number | null> {
    const free = this.lanes.filter(({ blockedUntil }) => blockedUntil === null);
    return earliest([await this.nextOf(free), ...this.lanes.map(({ blockedUntil }) => blockedUntil)]);
  }

  get isRunning(): boolean {
    return this.leasing !== null || this.attempts.isRunning;
  }

  async rest(): Promise<void> {
    while (this.isRunning) await (this.leasing ?? new Promise<void>((resolve) => this.idle.push(resolve)));
  }

  async close(): Promise<void> {
    this.stopped = true;
    while (this.leasing) await this.leasing;
    await this.attempts.giveBack(this.lanes.flatMap((lane) => lane.ready.splice(0)));
    await this.attempts.stop();
    await this.rest();
  }

  /** Leases more of a type as soon as half of its room is free: few statements, and no lane runs dry. */
  private fill(): void {
    if (this.stopped || this.leasing) return;
    const now = this.clock.now();
    const lanes = this.lanes.filter(
      (lane) => lane.due && roomOf(lane) * 2 >= placesOf(lane) && (lane.blockedUntil ?? 0) <= now,
    );
    const limit = mostHeld - this.attempts.size;
    if (lanes.length === 0 || limit <= 0) return;
    this.leasing = this.lease(lanes, limit)
      .catch(async (error: unknown) => {
        this.logger.error(`Jobs cannot be leased: ${String(error)}`);
        // The database may be away for a moment: one of real time, whatever the clock says.
        for (const lane of lanes) lane.due = true;
        await sleep(leaseAgainAfter);
      })
      .finally(() => {
        this.leasing = null;
        this.begin();
        this.fill();
        this.tellIdle();
      });
  }

  private async lease(lanes: readonly Lane[], limit: number): Promise<void> {
    for (const lane of lanes) {
      lane.due = false;
      lane.blockedUntil = null;
    }
    const free = lanes.filter((lane) => !isLimited(lane));
    const rooms = new Map(free.map((lane) => [lane.type, roomOf(lane)]));
    this.take(rooms, limit, await leaseJobs(this.pool, this.order(rooms, limit)));
    const limited = lanes.filter(isLimited);
    if (limited.length > 0) await this.leaseLimited(limited);
    const waiting = this.lanes.filter(({ due, blockedUntil }) => !due && blockedUntil === null);
    const next = [await this.nextOf(waiting), ...this.lanes.map(({ blockedUntil }) => blockedUntil)];
    // A lease of another server may have expired then, a retry is due, or a limit lets more begin.
    this.clock.setAlarm('jobs', earliest(next), () => this.wake());
  }

  /** The servers take turns: what they share is counted and paid for in one transaction with the leases. */
  private async leaseLimited(lanes: readonly Lane[]): Promise<void> {
    const now = this.clock.now();
    const { jobs, rooms, blocked } = await inTransaction(this.pool, async (client) => {
      const shared = lanes.map(({ type, policy }) => ({ type, limits: policy.limits }));
      const budgets = await reserveAttempts(client, shared, now);
      const rooms = new Map(
        lanes.map((lane) => [lane.type, Math.min(roomOf(lane), budgets.get(lane.type)!.allowed)] as const),
      );
      const jobs = await leaseJobs(client, this.order(rooms, mostHeld));
      const taken = countByType(jobs);
      await payForAttempts(client, taken);
      const blocked = lanes.filter(
        (lane) => rooms.get(lane.type)! < roomOf(lane) && (taken.get(lane.type) ?? 0) === rooms.get(lane.type),
      );
      return {
        jobs,
        rooms,
        blocked: blocked.map((lane) => ({ lane, until: budgets.get(lane.type)!.allowedAgainAt ?? now + patience })),
      };
    });
    this.take(rooms, mostHeld, jobs);
    for (const { lane, until } of blocked) {
      lane.due = true;
      lane.blockedUntil = until;
    }
  }

  private order(rooms: ReadonlyMap<string, number>, limit: number): Parameters<typeof leaseJobs>[1] {
    const now = this.clock.now();
    const priorities = new Map(this.lanes.map(({ type, policy }) => [type, policy.priority]));
    return { rooms, limit, priorities, owner: this.owner, now, until: now + leaseLength };
  }

  private take(rooms: ReadonlyMap<string, number>, limit: number, jobs: readonly LeasedJob[]): void {
    const taken = countByType(jobs);
    for (const lane of this.lanes) {
      const room = rooms.get(lane.type);
      // As many as there was room for: there may be more.
      if (room !== undefined && (taken.get(lane.type) === room || jobs.length === limit)) lane.due = true;
    }
    for (const job of jobs) {
      this.lanes.find(({ type }) => type === job.type)!.ready.push(this.attempts.hold(job));
    }
  }

  private begin(): void {
    for (const lane of this.lanes)
      while (lane.running < lane.policy.concurrency && lane.ready.length > 0 && !this.stopped) {
        lane.running += 1;
        const executed = (): void => {
          lane.running -= 1;
          this.begin();
        };
        void this.attempts.run(lane.ready.shift()!, executed).finally(() => {
          // One place of those that all servers share is free.
          if (lane.policy.limits.concurrency !== null) lane.blockedUntil = null;
          this.fill();
          this.tellIdle();
        });
      }
  }

  /** When the first job of these lanes is due. */
  private async nextOf(lanes: readonly Lane[]): Promise<number | null> {
    const types = lanes.map(({ type }) => type);
    return types.length === 0 ? null : await findNextJob(this.pool, types);
  }

  private tellIdle(): void {
    for (const resolve of this.idle.splice(0)) resolve();
  }
}

/** Jobs of a type that a server may hold: those that run, and as many again that are ready when one ends. Under a limit only those that run. */
const placesOf = (lane: Lane): number => lane.policy.concurrency * (isLimited(lane) ? 1 : 2);

const isLimited = ({ policy: { limits } }: Lane): boolean => limits.rate !== null || limits.concurrency !== null;

/** Null: never. */
function earliest(times: readonly (number | null)[]): number | null {
  const first = Math.min(...times.map((time) => time ?? Infinity));
  return first === Infinity ? null : first;
}

const roomOf = (lane: Lane): number => Math.max(0, placesOf(lane) - lane.running - lane.ready.length);

function countByType(jobs: readonly LeasedJob[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { type } of jobs) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}
