import { Queue, Worker, type ConnectionOptions } from 'bullmq';
import { leaseLength, type HeldJob, type JobAttempts } from '../job-attempts.js';
import type { JobPolicy } from '../job-policy.js';
import { mostBundled, type Bundle } from './bundle.js';
import { Pace } from './pace.js';

/** Bundles that a server has at a time beside those whose jobs it has leased: the next ones are there when there is room. */
const bundlesAtATime = 2;
/** The same where jobs end as soon as they begin: more of them are leased, and done in a batch, at a time. */
const bundlesOfQuickJobs = 12;
/** Jobs under way, or done and not stored: beyond that, no other begins. */
const mostHeld = 1_000;

/** What the lanes of a server share. */
export interface LaneHost {
  readonly attempts: JobAttempts;
  /** Whether nothing more is to begin. */
  readonly isStopped: boolean;
  /** Leases what still waits of a bundle. */
  lease(bundle: Bundle): Promise<readonly HeldJob[]>;
  /** A bundle of so many jobs has come. */
  came(jobs: number): void;
  /** There may be room, and nothing may be left to do. */
  freed(): void;
  /** A job that BullMQ does not count may have ended. */
  uncountedEnded(): void;
  /** Redis has no more jobs of the lane. */
  drained(lane: JobLane): void;
  failed(error: Error): void;
}

/** The jobs of one type: their queue in Redis, and those that this server has of them. */
export class JobLane {
  readonly queue: Queue<Bundle>;
  /** Most jobs of a bundle. */
  readonly bundled: number;
  /** Whether more is due than may wait in Redis. */
  backlogged = false;
  /** Whether attempts may be under way that the Redis of now does not count. */
  uncounted = false;
  /** Bundles that BullMQ has given, and that are not done. */
  processing = 0;
  private readonly worker: Worker<Bundle>;
  /** Whether BullMQ counts the attempts: a bundle is one then, and lasts as long as it. */
  private readonly limited: boolean;
  /** Leased, and not begun. */
  private readonly ready: HeldJob[] = [];
  /** Handlers at work. */
  private running = 0;
  /** Jobs that are being leased. */
  private leasing = 0;
  /** Of handlers that end. */
  private readonly pace = new Pace(() => performance.now());
  /** Bundles that wait for room. */
  private readonly waiting: { readonly jobs: number; enter(): void }[] = [];

  constructor(
    readonly type: string,
    readonly policy: JobPolicy,
    private readonly host: LaneHost,
    { connection, installation }: { readonly connection: ConnectionOptions; readonly installation: string },
  ) {
    this.limited = policy.limits.rate !== null || policy.limits.concurrency !== null;
    this.bundled = this.limited ? 1 : Math.min(Math.ceil(policy.concurrency / 2), mostBundled);
    const name = type.replaceAll(':', '.');
    // The braces keep the keys of a queue in one slot of a Redis Cluster.
    const shared = { connection, prefix: `{xflow:${installation}:${name}}` };
    this.queue = new Queue<Bundle>(name, {
      ...shared,
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    });
    this.worker = new Worker(name, ({ data }) => this.process(data), {
      ...shared,
      concurrency: this.limited ? policy.concurrency : Math.min(policy.concurrency, bundlesAtATime),
      lockDuration: leaseLength,
      stalledInterval: leaseLength,
      // How often a job is attempted is counted in its row.
      maxStalledCount: 1_000,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
    this.queue.on('error', (error) => host.failed(error));
    this.worker.on('error', (error) => host.failed(error));
    this.worker.on('drained', () => host.drained(this));
  }

  /** Sets in Redis, for all servers, what they share. */
  async setLimits(): Promise<void> {
    const { queue, policy } = this;
    const { concurrency, rate } = policy.limits;
    if (concurrency === null) await queue.removeGlobalConcurrency();
    else await queue.setGlobalConcurrency(concurrency);
    if (rate === null) await queue.removeGlobalRateLimit();
    else await queue.setGlobalRateLimit(rate.max, rate.duration);
  }

  /** Jobs that have not begun; they are not begun any more. */
  takeReady(): HeldJob[] {
    return this.ready.splice(0);
  }

  /**
   * Lets bundles in that wait for room: as many jobs are leased as may be under way, and as many again that are ready when one ends; of quick ones as
   * many as end in a tenth of a second. More would lie here while other servers have nothing to do.
   */
  admit(): void {
    if (this.waiting.length === 0) return;
    const usual = this.policy.concurrency * 2;
    const most = Math.max(usual, this.pace.lately);
    this.worker.concurrency = Math.min(this.policy.concurrency, most > usual ? bundlesOfQuickJobs : bundlesAtATime);
    while (this.waiting.length > 0 && this.hasRoom(this.waiting[0]!.jobs, most)) {
      const { jobs, enter } = this.waiting.shift()!;
      this.leasing += jobs;
      enter();
    }
  }

  /** @param away whether Redis is away: nobody answers the goodbye then */
  async close(away: boolean): Promise<void> {
    await this.worker.close(away);
    if (!away) await this.queue.close();
  }

  /** Resolves when BullMQ may count the bundle as done, and give the next one. */
  private async process(bundle: Bundle): Promise<void> {
    const { host } = this;
    this.processing += 1;
    host.came(bundle.length);
    try {
      if (this.limited) await this.attemptAll(await host.lease(bundle));
      else await this.take(bundle);
    } finally {
      this.processing -= 1;
      host.freed();
    }
  }

  /** Resolves when the jobs are leased, for which there must be room. */
  private async take(bundle: Bundle): Promise<void> {
    const { host } = this;
    await new Promise<void>((enter) => {
      this.waiting.push({ jobs: bundle.length, enter });
      this.admit();
    });
    let leased: readonly HeldJob[];
    try {
      leased = await host.lease(bundle);
    } finally {
      // In the same breath in which they are ready: nobody sees less held than is.
      this.leasing -= bundle.length;
    }
    if (host.isStopped) await host.attempts.giveBack(leased);
    else {
      this.ready.push(...leased);
      this.begin();
    }
  }

  private async attemptAll(jobs: readonly HeldJob[]): Promise<void> {
    if (this.host.isStopped) await this.host.attempts.giveBack(jobs);
    else await Promise.all(jobs.map((job) => this.attempt(job)));
  }

  /** Resolves when the handler has ended: its result may wait for its batch while the next job begins, unless too many do. */
  private async attempt(job: HeldJob): Promise<void> {
    const { attempts } = this.host;
    await new Promise<void>((resolve) => {
      const executed = (): void => {
        if (attempts.size < mostHeld) resolve();
      };
      void attempts.run(job, executed).finally(() => {
        resolve();
        if (this.uncounted) this.host.uncountedEnded();
        this.host.freed();
      });
    });
  }

  private begin(): void {
    const { host } = this;
    while (this.running < this.policy.concurrency && this.ready.length > 0 && !host.isStopped) {
      this.running += 1;
      const executed = (): void => {
        this.running -= 1;
        this.pace.count();
        this.begin();
        this.admit();
      };
      void host.attempts.run(this.ready.shift()!, executed).finally(() => host.freed());
    }
  }

  private hasRoom(jobs: number, most: number): boolean {
    const { host } = this;
    const held = this.running + this.ready.length + this.leasing;
    // A bundle of a server that does more at a time may be larger than the room.
    const fits = held === 0 || held + jobs <= most;
    return host.isStopped || (fits && host.attempts.size + this.leasing < mostHeld);
  }
}
