import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { Pool } from 'pg';
import type { Clock } from '../../clock/clock.js';
import { Coalescer } from '../../coalescer/coalescer.js';
import type { RowKey } from '../../runner/sql/row-key.js';
import { leaseLength, type HeldJob, type JobAttempts } from '../job-attempts.js';
import type { JobPolicy } from '../job-policy.js';
import { JobQueue } from '../job-queue.js';
import { findLeasedTypes } from '../sql/find-leased-types.js';
import { findNextJob } from '../sql/find-next-job.js';
import { handOverJobs } from '../sql/hand-over-jobs.js';
import { leaseHandedJobs } from '../sql/lease-handed-jobs.js';
import { reclaimLostJobs } from '../sql/reclaim-lost-jobs.js';
import { bundlesOf, type Bundle } from './bundle.js';
import { JobLane, type LaneHost } from './job-lane.js';
import { RedisGeneration } from './redis-generation.js';

/** Jobs of a type that wait in Redis at most; the others wait in Postgres. */
const mostWaiting = 5_000;
/** Milliseconds after which a job that is in Redis, and that nobody has begun, is put there again. What is there already is not doubled. */
const handOverLength = 60_000;
/** Milliseconds between two looks whether Redis still is the one that the jobs were put into. */
const watchInterval = 1_000;
/** Jobs begun after which a backlog is filled up again. */
const refillAfter = 1_000;

/**
 * Takes jobs from BullMQ on Redis, which fans them out and keeps the limits that all servers share. The rows of `task` stay the truth:
 * a job in Redis is only the keys of some, and whoever takes it leases them before they begin. Whatever becomes of Redis, no job is lost or begun beside another:
 *
 * - when it was flushed or replaced (redis-generation.ts), every job of another generation is put there anew;
 * - a job that got lost without that (a replica that lagged behind) is put there again after a minute;
 * - a job that is there twice, or too long, finds its row leased, or none.
 */
export class RedisJobQueue extends JobQueue {
  private readonly logger = new Logger(RedisJobQueue.name);
  private readonly redis: Redis;
  private readonly leases = new Coalescer<Bundle, HeldJob[]>((bundles) => this.lease(bundles));
  /** Those of a higher priority first. */
  private lanes: JobLane[] = [];
  private generation!: RedisGeneration;
  private feeding: Promise<void> | null = null;
  private feedAgain = false;
  private watching: NodeJS.Timeout | undefined;
  private looking = false;
  private begun = 0;
  private outage = false;
  private stopped = false;
  private readonly idle: (() => void)[] = [];

  /** @param policies by type; asked when the queue opens */
  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    /** Id of this server. */
    private readonly owner: string,
    private readonly attempts: JobAttempts,
    private readonly policies: () => ReadonlyMap<string, JobPolicy>,
    url: string,
  ) {
    super();
    attempts.onPostponed = () => this.wake();
    // BullMQ waits for as long as Redis is away; so does whoever asks here.
    this.redis = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true });
  }

  async open(): Promise<void> {
    const installation = await this.installation();
    this.generation = new RedisGeneration(this.redis, `{xflow:${installation}}:generation`);
    const report = (error: Error): void => this.reportOutage(error);
    this.redis.on('error', report);
    this.redis.on('ready', () => {
      this.outage = false;
      this.wake();
    });
    await this.redis.connect().catch(report);
    const host = this.host();
    this.lanes = [...this.policies()]
      .sort(([, one], [, other]) => other.priority - one.priority)
      .map(([type, policy]) => new JobLane(type, policy, host, { connection: this.redis, installation }));
    this.watching = setInterval(() => void this.look(), watchInterval).unref();
  }

  private host(): LaneHost {
    const isStopped = (): boolean => this.stopped;
    return {
      attempts: this.attempts,
      get isStopped() {
        return isStopped();
      },
      lease: (bundle) => this.leases.get(bundle),
      came: (jobs) => this.came(jobs),
      freed: () => this.freed(),
      uncountedEnded: () => this.wake(),
      drained: (lane) => this.refill(lane),
      failed: (error) => this.reportOutage(error),
    };
  }

  wake(): void {
    if (this.stopped || this.redis.status !== 'ready') return;
    this.feedAgain = true;
    this.feeding ??= this.feedWhileAsked().finally(() => {
      this.feeding = null;
      // Asked for while the last one was ending.
      if (this.feedAgain) this.wake();
      this.tellIdle();
    });
  }

  async nextDue(): Promise<number | null> {
    return (await this.anyQueued())
      ? this.clock.now()
      : await findNextJob(
          this.pool,
          this.lanes.map(({ type }) => type),
        );
  }

  /** Whether jobs are in Redis, and not leased from there. */
  private async anyQueued(): Promise<boolean> {
    const types = this.lanes.map(({ type }) => type);
    return (await this.pool.query({ name: 'find-queued-job', text: findQueued, values: [types] })).rows.length > 0;
  }

  get isRunning(): boolean {
    return this.feeding !== null || this.attempts.isRunning || this.lanes.some(({ processing }) => processing > 0);
  }

  async rest(): Promise<void> {
    while (this.isRunning) await (this.feeding ?? new Promise<void>((resolve) => this.idle.push(resolve)));
  }

  async close(): Promise<void> {
    this.stopped = true;
    clearInterval(this.watching);
    await this.feeding;
    const away = this.redis.status !== 'ready';
    await this.attempts.giveBack(this.lanes.flatMap((lane) => lane.takeReady()));
    this.freed();
    await this.attempts.stop();
    await this.rest();
    await Promise.all(this.lanes.map((lane) => lane.close(away)));
    this.redis.disconnect();
  }

  /** What tells the jobs of this database from those of others on the same Redis. */
  private async installation(): Promise<string> {
    const { rows } = await this.pool.query<{ value: string }>(
      `INSERT INTO setting (name, value) VALUES ('installation', $1)
       ON CONFLICT (name) DO UPDATE SET value = setting.value RETURNING value`,
      [randomUUID()],
    );
    return rows[0]!.value;
  }

  /** Looks whether Redis was flushed or replaced. */
  private async look(): Promise<void> {
    if (this.looking || this.redis.status !== 'ready') return;
    this.looking = true;
    try {
      if (await this.generation.isGone()) this.wake();
    } catch (error) {
      this.reportOutage(error as Error);
    } finally {
      this.looking = false;
    }
  }

  private async feedWhileAsked(): Promise<void> {
    while (this.feedAgain && !this.stopped) {
      this.feedAgain = false;
      try {
        await this.generation.agree((generation) => this.beginAnew(generation));
        await this.feed();
      } catch (error) {
        this.logger.error(`Jobs cannot be put into Redis: ${String(error)}`);
        this.clock.setAlarm('jobs', this.clock.now() + 5_000, () => this.wake());
      }
    }
  }

  private async beginAnew(generation: string): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.setLimits()));
    await reclaimLostJobs(this.pool, generation, this.clock.now());
    for (const lane of this.lanes) lane.uncounted = lane.policy.limits.concurrency !== null;
  }

  /** What was under way when Redis was lost counts for the limits, too: until it is over, no other of these types is put there. */
  private async countAgain(): Promise<void> {
    const uncounted = this.lanes.filter((lane) => lane.uncounted);
    if (uncounted.length === 0) return;
    const types = uncounted.map(({ type }) => type);
    const leased = await findLeasedTypes(this.pool, types, this.clock.now());
    for (const lane of uncounted) lane.uncounted = leased.has(lane.type);
  }

  /** Puts what is due into Redis, as far as there is room. */
  private async feed(): Promise<void> {
    const rooms = new Map<string, number>();
    await this.countAgain();
    const waiting = await Promise.all(this.lanes.map(({ queue }) => queue.getWaitingCount()));
    for (const [index, lane] of this.lanes.entries()) {
      const room = mostWaiting - waiting[index]! * lane.bundled;
      lane.backlogged = room <= 0;
      if (room > 0 && !lane.uncounted) rooms.set(lane.type, Math.min(room, refillAfter));
    }
    if (this.lanes.some(({ uncounted }) => uncounted))
      this.clock.setAlarm('uncounted-jobs', this.clock.now() + watchInterval, () => this.wake());
    const generation = this.generation.current;
    if (rooms.size === 0 || generation === null) return;
    const now = this.clock.now();
    const handed = await handOverJobs(this.pool, rooms, generation, now, now + handOverLength);
    await Promise.all(
      this.lanes.map(async (lane) => {
        const jobs = handed.filter(({ type }) => type === lane.type);
        if (jobs.length > 0) await lane.queue.addBulk(bundlesOf(jobs, lane.bundled));
        if (jobs.length === rooms.get(lane.type)) this.feedAgain = true;
      }),
    );
    if (this.feedAgain) return;
    // While jobs are in Redis, a server that leases them may die: its leases end sooner than what is known now.
    const [next, queued] = await Promise.all([findNextJob(this.pool, [...rooms.keys()]), this.anyQueued()]);
    const soon = queued ? this.clock.now() + leaseLength : Infinity;
    this.clock.setAlarm('jobs', next === null ? null : Math.min(next, soon), () => this.wake());
  }

  private refill(lane: JobLane): void {
    if (lane.backlogged) this.wake();
  }

  private came(jobs: number): void {
    const before = this.begun;
    this.begun += jobs;
    if (Math.floor(this.begun / refillAfter) > Math.floor(before / refillAfter))
      this.lanes.forEach((lane) => this.refill(lane));
  }

  private freed(): void {
    for (const lane of this.lanes) lane.admit();
    if (this.idle.length > 0) this.tellIdle();
  }

  /** Of each bundle those that could be leased. */
  private async lease(bundles: readonly Bundle[]): Promise<HeldJob[][]> {
    const now = this.clock.now();
    const keys = bundles.flat();
    const { jobs, someAreLeft } = await leaseHandedJobs(this.pool, keys, this.owner, now, now + leaseLength);
    if (someAreLeft) this.wake();
    // The holders of the others may have died: their leases end by then.
    if (jobs.length < keys.length) this.clock.setAlarm('leases-of-others', now + leaseLength, () => this.wake());
    const byKey = new Map(jobs.map((job) => [keyOf(job), this.attempts.hold(job)]));
    return bundles.map((bundle) =>
      bundle.flatMap((key) => {
        const text = keyOf(key);
        const job = byKey.get(text) ?? [];
        // Should the same job be asked for twice at a time.
        byKey.delete(text);
        return job;
      }),
    );
  }

  private reportOutage(error: Error): void {
    if (this.outage || this.stopped) return;
    this.outage = true;
    this.logger.error(`Redis does not answer as it should; jobs wait in the database meanwhile: ${error.message}`);
  }

  private tellIdle(): void {
    for (const resolve of this.idle.splice(0)) resolve();
  }
}

const findQueued = `SELECT FROM task WHERE queued_in IS NOT NULL AND type = ANY ($1::text[]) LIMIT 1`;

const keyOf = ({ instance_id, id }: RowKey): string => `${instance_id} ${id}`;
