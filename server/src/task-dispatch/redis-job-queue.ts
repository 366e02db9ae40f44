import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Pool } from 'pg';
import type { Clock } from '../clock/clock.js';
import { Coalescer } from '../coalescer/coalescer.js';
import type { RowKey } from '../runner/sql/row-key.js';
import { leaseLength, type JobAttempts } from './job-attempts.js';
import type { JobPolicy } from './job-policy.js';
import { JobQueue } from './job-queue.js';
import { findLeasedTypes } from './sql/find-leased-types.js';
import { findNextJob } from './sql/find-next-job.js';
import { handOverJobs, type HandedJob } from './sql/hand-over-jobs.js';
import { leaseHandedJobs } from './sql/lease-handed-jobs.js';
import type { LeasedJob } from './sql/lease-jobs.js';
import { reclaimLostJobs } from './sql/reclaim-lost-jobs.js';

/** Jobs of a type that wait in Redis at most; the others wait in Postgres. */
const mostWaiting = 5_000;
/** Most jobs whose keys travel through Redis together, and into how many such bundles a set is divided at least. */
const mostBundled = 32;
const fewestBundles = 16;
/** Bundles that a server has at a time, of which the jobs have not all found room. */
const bundlesAtATime = 4;
/** Milliseconds after which a job that is in Redis, and that nobody has begun, is put there again. What is there already is not doubled. */
const handOverLength = 60_000;
/** Milliseconds between two looks whether Redis still is the one that the jobs were put into. */
const watchInterval = 1_000;
/** Jobs under way, or done and not stored: beyond that, no other begins. */
const mostHeld = 512;
/** Jobs begun after which a backlog is filled up again. */
const refillAfter = 1_000;

/** Of a BullMQ job: the keys of the jobs that it stands for. */
type Bundle = readonly RowKey[];

interface Lane {
  readonly type: string;
  readonly policy: JobPolicy;
  /** Whether BullMQ counts the attempts: a bundle is one then, and lasts as long as it. */
  readonly limited: boolean;
  /** Most jobs of a bundle. */
  readonly bundled: number;
  readonly queue: Queue<Bundle>;
  readonly worker: Worker<Bundle>;
  /** Leased, and not begun. */
  readonly ready: LeasedJob[];
  /** Handlers at work. */
  running: number;
  /** Bundles that wait for room. */
  readonly waiting: (() => void)[];
  /** Whether more is due than may wait in Redis. */
  backlogged: boolean;
  /** Whether attempts may be under way that the Redis of now does not count. */
  uncounted: boolean;
}

/**
 * Takes jobs from BullMQ on Redis, which fans them out and keeps the limits that all servers share. The rows of `task` stay the truth:
 * a job in Redis is only the keys of some, and whoever takes it leases them before they begin. Whatever becomes of Redis, no job is lost or begun beside another:
 *
 * - a key beside Redis' jobs, the generation, is gone when it was flushed or replaced; then every job of another generation is put there anew;
 * - a job that got lost without that (a replica that lagged behind) is put there again after a minute;
 * - a job that is there twice, or too long, finds its row leased, or none.
 */
export class RedisJobQueue extends JobQueue {
  private readonly logger = new Logger(RedisJobQueue.name);
  private readonly redis: Redis;
  private readonly leases = new Coalescer<Bundle, LeasedJob[]>((bundles) => this.lease(bundles));
  private lanes: Lane[] = [];
  private generationKey = '';
  private generation: string | null = null;
  private feeding: Promise<void> | null = null;
  private feedAgain = false;
  private watching: NodeJS.Timeout | undefined;
  private looking = false;
  private processing = 0;
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
    this.generationKey = `{xflow:${installation}}:generation`;
    const report = (error: Error): void => this.reportOutage(error);
    this.redis.on('error', report);
    this.redis.on('ready', () => {
      this.outage = false;
      this.wake();
    });
    await this.redis.connect().catch(report);
    const policies = [...this.policies()].sort(([, one], [, other]) => other.priority - one.priority);
    this.lanes = policies.map(([type, policy]) => {
      const name = type.replaceAll(':', '.');
      // The braces keep the keys of a queue in one slot of a Redis Cluster.
      const shared = { connection: this.redis, prefix: `{xflow:${installation}:${name}}` };
      const limited = policy.limits.rate !== null || policy.limits.concurrency !== null;
      const queue = new Queue<Bundle>(name, {
        ...shared,
        defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
      });
      const worker: Worker<Bundle> = new Worker(name, (job) => this.process(lane, job.data), {
        ...shared,
        concurrency: limited ? policy.concurrency : Math.min(policy.concurrency, bundlesAtATime),
        lockDuration: leaseLength,
        stalledInterval: leaseLength,
        // How often a job is attempted is counted in its row.
        maxStalledCount: 1_000,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      });
      queue.on('error', report);
      worker.on('error', report);
      const bundled = limited ? 1 : Math.min(Math.ceil(policy.concurrency / 2), mostBundled);
      const lane: Lane = {
        ...{ type, policy, limited, bundled, queue, worker },
        ...{ ready: [], running: 0, waiting: [], backlogged: false, uncounted: false },
      };
      worker.on('drained', () => this.refill(lane));
      return lane;
    });
    this.watching = setInterval(() => void this.look(), watchInterval).unref();
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
    return this.feeding !== null || this.processing > 0 || this.attempts.isRunning;
  }

  async rest(): Promise<void> {
    while (this.isRunning) await (this.feeding ?? new Promise<void>((resolve) => this.idle.push(resolve)));
  }

  async close(): Promise<void> {
    this.stopped = true;
    clearInterval(this.watching);
    await this.feeding;
    const away = this.redis.status !== 'ready';
    await this.attempts.giveBack(this.lanes.flatMap(({ ready }) => ready.splice(0)));
    this.makeRoom();
    await this.attempts.stop();
    await this.rest();
    // Without Redis nobody answers the goodbye.
    await Promise.all(this.lanes.map(({ worker }) => worker.close(away)));
    if (!away) await Promise.all(this.lanes.map(({ queue }) => queue.close()));
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
      if ((await this.redis.get(this.generationKey)) !== this.generation) this.wake();
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
        await this.agreeOnGeneration();
        await this.feed();
      } catch (error) {
        this.logger.error(`Jobs cannot be put into Redis: ${String(error)}`);
        this.clock.setAlarm('jobs', this.clock.now() + 5_000, () => this.wake());
      }
    }
  }

  private async agreeOnGeneration(): Promise<void> {
    // Sent together, and answered in this order.
    const [, generation] = await Promise.all([
      this.redis.set(this.generationKey, randomUUID(), 'NX'),
      this.redis.get(this.generationKey),
    ]);
    if (generation === null || generation === this.generation) return;
    await this.setLimits();
    await reclaimLostJobs(this.pool, generation, this.clock.now());
    this.generation = generation;
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

  /** They lie in Redis, for all servers. */
  private async setLimits(): Promise<void> {
    await Promise.all(
      this.lanes.map(async ({ queue, policy: { limits } }) => {
        if (limits.concurrency === null) await queue.removeGlobalConcurrency();
        else await queue.setGlobalConcurrency(limits.concurrency);
        if (limits.rate === null) await queue.removeGlobalRateLimit();
        else await queue.setGlobalRateLimit(limits.rate.max, limits.rate.duration);
      }),
    );
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
    if (rooms.size === 0 || this.generation === null) return;
    const now = this.clock.now();
    const handed = await handOverJobs(this.pool, rooms, this.generation, now, now + handOverLength);
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

  private refill(lane: Lane): void {
    if (lane.backlogged) this.wake();
  }

  /** Resolves when BullMQ may count the bundle as done, and give the next one. */
  private async process(lane: Lane, bundle: Bundle): Promise<void> {
    this.processing += 1;
    const before = this.begun;
    this.begun += bundle.length;
    if (Math.floor(this.begun / refillAfter) > Math.floor(before / refillAfter))
      this.lanes.forEach((lane) => this.refill(lane));
    try {
      const leased = await this.leases.get(bundle);
      // Their holders may have died: their leases end by then.
      if (leased.length < bundle.length)
        this.clock.setAlarm('leases-of-others', this.clock.now() + leaseLength, () => this.wake());
      if (this.stopped) await this.attempts.giveBack(leased);
      else if (lane.limited) await Promise.all(leased.map((job) => this.attempt(lane, job)));
      else await this.take(lane, leased);
    } finally {
      this.processing -= 1;
      this.tellIdle();
    }
  }

  /** Resolves when the handler has ended: its result may wait for its batch while the next job begins, unless too many do. */
  private async attempt(lane: Lane, job: LeasedJob): Promise<void> {
    await new Promise<void>((resolve) => {
      const executed = (): void => {
        if (this.attempts.size < mostHeld) resolve();
      };
      void this.attempts.run(job, executed).finally(() => {
        resolve();
        this.makeRoom();
        if (lane.uncounted) this.wake();
        this.tellIdle();
      });
    });
  }

  /** Resolves when there is room for more. */
  private async take(lane: Lane, jobs: readonly LeasedJob[]): Promise<void> {
    lane.ready.push(...jobs);
    this.begin(lane);
    if (!this.hasRoom(lane)) await new Promise<void>((resolve) => lane.waiting.push(resolve));
  }

  private begin(lane: Lane): void {
    while (lane.running < lane.policy.concurrency && lane.ready.length > 0 && !this.stopped) {
      lane.running += 1;
      const executed = (): void => {
        lane.running -= 1;
        this.begin(lane);
        this.makeRoom();
      };
      void this.attempts.run(lane.ready.shift()!, executed).finally(() => {
        this.makeRoom();
        this.tellIdle();
      });
    }
  }

  private hasRoom(lane: Lane): boolean {
    return this.stopped || (lane.ready.length === 0 && this.attempts.size < mostHeld);
  }

  /** For those of higher priority first. */
  private makeRoom(): void {
    if (this.attempts.size >= mostHeld && !this.stopped) return;
    for (const lane of this.lanes) while (lane.waiting.length > 0 && this.hasRoom(lane)) lane.waiting.shift()!();
  }

  /** Of each bundle those that could be leased. */
  private async lease(bundles: readonly Bundle[]): Promise<LeasedJob[][]> {
    const now = this.clock.now();
    const leased = await leaseHandedJobs(this.pool, bundles.flat(), this.owner, now, now + leaseLength);
    const byKey = new Map<string, LeasedJob>();
    for (const job of leased) {
      this.attempts.hold(job);
      byKey.set(`${job.instance_id} ${job.id}`, job);
    }
    return bundles.map((bundle) =>
      bundle.flatMap(({ instance_id, id }) => {
        const key = `${instance_id} ${id}`;
        const job = byKey.get(key) ?? [];
        // Should the same job be asked for twice at a time.
        byKey.delete(key);
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

/** Bundles of jobs, as large as leaves some for every server. What is alone in one has the id of its attempt, so that putting it into Redis twice is harmless. */
function bundlesOf(
  jobs: readonly HandedJob[],
  most: number,
): { name: string; data: Bundle; opts: { jobId?: string } }[] {
  const size = Math.min(most, Math.ceil(jobs.length / fewestBundles));
  return Array.from({ length: Math.ceil(jobs.length / size) }, (_, index) => {
    const bundled = jobs.slice(index * size, (index + 1) * size);
    const { instance_id, id, attempts } = bundled[0]!;
    const jobId = `${instance_id}.${id.replaceAll(':', '.')}.${attempts}`;
    return {
      name: 'attempts',
      data: bundled.map(({ subject_id, instance_id, id }) => ({ subject_id, instance_id, id })),
      opts: size === 1 ? { jobId } : {},
    };
  });
}
