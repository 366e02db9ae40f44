import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { Queue, Worker, type Job } from 'bullmq';
import { Redis } from 'ioredis';
import type { Pool } from 'pg';
import type { Clock } from '../clock/clock.js';
import { Coalescer } from '../coalescer/coalescer.js';
import type { RowKey } from '../runner/sql/row-key.js';
import { leaseLength, type JobAttempts } from './job-attempts.js';
import type { JobPolicy } from './job-policy.js';
import { JobQueue } from './job-queue.js';
import { findNextJob } from './sql/find-next-job.js';
import { handOverJobs, type HandedJob } from './sql/hand-over-jobs.js';
import { leaseHandedJobs } from './sql/lease-handed-jobs.js';
import type { LeasedJob } from './sql/lease-jobs.js';
import { reclaimLostJobs } from './sql/reclaim-lost-jobs.js';

/** Jobs of a type that wait in Redis at most; the others wait in Postgres. */
const mostWaiting = 5_000;
/** Milliseconds after which a job that is in Redis, and that nobody has begun, is put there again. What is there already is not doubled. */
const handOverLength = 60_000;
/** Milliseconds between two looks whether Redis still is the one that the jobs were put into. */
const watchInterval = 1_000;
/** Jobs under way, or done and not stored: beyond that, no other begins. */
const mostHeld = 512;
/** Jobs begun after which a backlog is filled up again. */
const refillAfter = 1_000;

interface Lane {
  readonly type: string;
  readonly policy: JobPolicy;
  readonly queue: Queue<RowKey>;
  readonly worker: Worker<RowKey>;
  /** Whether more is due than may wait in Redis. */
  backlogged: boolean;
}

/**
 * Takes jobs from BullMQ on Redis, which fans them out and keeps the limits that all servers share. The rows of `task` stay the truth:
 * a job in Redis is only the key of one, and leases it before it begins. Whatever becomes of Redis, no job is lost or begun beside another:
 *
 * - a key beside Redis' jobs, the generation, is gone when it was flushed or replaced; then every job of another generation is put there anew;
 * - a job that got lost without that (a replica that lagged behind) is put there again after a minute;
 * - a job that is there twice, or too long, finds its row leased, or none.
 */
export class RedisJobQueue extends JobQueue {
  private readonly logger = new Logger(RedisJobQueue.name);
  private readonly redis: Redis;
  private readonly leases = new Coalescer<RowKey, LeasedJob | null>((keys) => this.lease(keys));
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
    this.lanes = [...this.policies()].map(([type, policy]) => {
      const name = type.replaceAll(':', '.');
      // The braces keep the keys of a queue in one slot of a Redis Cluster.
      const shared = { connection: this.redis, prefix: `{xflow:${installation}:${name}}` };
      const queue = new Queue<RowKey>(name, {
        ...shared,
        defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
      });
      const worker = new Worker<RowKey>(name, (job) => this.process(job), {
        ...shared,
        concurrency: policy.concurrency,
        lockDuration: leaseLength,
        stalledInterval: leaseLength,
        // How often a job is attempted is counted in its row.
        maxStalledCount: 1_000,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      });
      queue.on('error', report);
      worker.on('error', report);
      const lane: Lane = { type, policy, queue, worker, backlogged: false };
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
    await this.redis.set(this.generationKey, randomUUID(), 'NX');
    const generation = await this.redis.get(this.generationKey);
    if (generation === null || generation === this.generation) return;
    await this.setLimits();
    await reclaimLostJobs(this.pool, generation, this.clock.now());
    this.generation = generation;
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
    for (const lane of this.lanes) {
      const room = mostWaiting - (await lane.queue.getWaitingCount());
      lane.backlogged = room <= 0;
      if (room > 0) rooms.set(lane.type, Math.min(room, refillAfter));
    }
    if (rooms.size === 0 || this.generation === null) return;
    const now = this.clock.now();
    const handed = await handOverJobs(this.pool, rooms, this.generation, now, now + handOverLength);
    for (const lane of this.lanes) {
      const jobs = handed.filter(({ type }) => type === lane.type);
      if (jobs.length > 0) await lane.queue.addBulk(jobs.map(toBullJob));
      if (jobs.length === rooms.get(lane.type)) this.feedAgain = true;
    }
    if (this.feedAgain) return;
    // While jobs are in Redis, a server that leases them may die: its leases end sooner than what is known now.
    const next = await findNextJob(this.pool, [...rooms.keys()]);
    const soon = (await this.anyQueued()) ? this.clock.now() + leaseLength : Infinity;
    this.clock.setAlarm('jobs', next === null ? null : Math.min(next, soon), () => this.wake());
  }

  private refill(lane: Lane): void {
    if (lane.backlogged) this.wake();
  }

  private async process(job: Job<RowKey>): Promise<void> {
    this.processing += 1;
    if (++this.begun % refillAfter === 0) this.lanes.forEach((lane) => this.refill(lane));
    try {
      const leased = await this.leases.get(job.data);
      if (leased && this.stopped) await this.attempts.giveBack([leased]);
      else if (leased) await this.attempt(leased);
      // Its holder may have died: its lease ends by then.
      else this.clock.setAlarm('leases-of-others', this.clock.now() + leaseLength, () => this.wake());
    } finally {
      this.processing -= 1;
      this.tellIdle();
    }
  }

  /** Resolves when the handler has ended: its result may wait for its batch while the next job begins, unless too many do. */
  private async attempt(job: LeasedJob): Promise<void> {
    await new Promise<void>((resolve) => {
      const executed = (): void => {
        if (this.attempts.size < mostHeld) resolve();
      };
      void this.attempts.run(job, executed).finally(() => {
        resolve();
        this.tellIdle();
      });
    });
  }

  private async lease(keys: readonly RowKey[]): Promise<(LeasedJob | null)[]> {
    const now = this.clock.now();
    const leased = await leaseHandedJobs(this.pool, keys, this.owner, now, now + leaseLength);
    for (const job of leased) this.attempts.hold(job);
    const byKey = new Map(leased.map((job) => [`${job.instance_id} ${job.id}`, job]));
    return keys.map(({ instance_id, id }) => {
      const key = `${instance_id} ${id}`;
      const job = byKey.get(key) ?? null;
      // Should the same job be asked for twice at a time.
      byKey.delete(key);
      return job;
    });
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

/** The id is that of the attempt, so that putting it into Redis twice is harmless. */
function toBullJob({ subject_id, instance_id, id, attempts }: HandedJob): {
  name: string;
  data: RowKey;
  opts: { jobId: string };
} {
  const jobId = `${instance_id}.${id.replaceAll(':', '.')}.${attempts}`;
  return { name: 'attempt', data: { subject_id, instance_id, id }, opts: { jobId } };
}
