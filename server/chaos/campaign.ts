import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';
import { Dice } from '../../engine/test/random/dice.js';
import { OwnRabbit } from '../test/own-rabbit.js';
import { redisInstalled, RedisServer } from '../test/redis-server.js';
import { migrate } from '../src/database/migrate.js';
import { Broker } from './broker.js';
import { check } from './check.js';
import { runCrashPoints, type CrashPointsReport } from './crash-points.js';
import { deployJourney, tickKey } from './journey.js';
import { Ledger } from './ledger.js';
import { Load } from './load.js';
import { faults, planFaults, type FaultName, type Surroundings } from './nemesis.js';
import type { OpenThings } from './open-things.js';
import { OwnPostgres } from './own-postgres.js';
import { PostgresProxy } from './postgres-proxy.js';
import { ServerFleet } from './server-fleet.js';
import { SmallDisk } from './small-disk.js';
import { within } from './within.js';

/** Users whose instances are started when all else is over. */
const quietUsers = Array.from({ length: 10 }, (_, index) => `quiet-${index}`);
/** Longest that one fault may take, in milliseconds: what it breaks is started again within that time. */
const faultWithin = 330_000;
/** Longest that a fault waits until the load has got to it, in milliseconds. */
const nextFaultWithin = 120_000;
/** Longest that quiet instances may take, in milliseconds; their timers take eleven seconds, and a job one lease at most. */
const quietWithin = 60_000;

export interface CampaignOptions {
  readonly seed: string;
  readonly instances: number;
  readonly faults: number;
  /** Starts a second. */
  readonly rate: number;
  /** Longest that instances are started, in milliseconds. */
  readonly atMost: number;
  readonly servers: number;
  /** Milliseconds. */
  readonly sleepOfZombies: number;
  /** Longest that everything may take to end after the last fault, in milliseconds. */
  readonly endsWithin: number;
  readonly tell: (line: string) => void;
}

export interface CampaignReport {
  readonly seed: string;
  readonly instances: number;
  readonly injected: ReadonlyMap<FaultName, number>;
  readonly acknowledged: number;
  readonly repeatedRequests: number;
  /** What the broker confirmed, and what was published again; null: there was none. */
  readonly published: { readonly confirmed: number; readonly repeated: number } | null;
  readonly ledgerRuns: number;
  readonly ledgerRepeats: number;
  /** Milliseconds from the end of each fault to the first success of a request that was sent after it, in ascending order. */
  readonly recoveries: readonly number[];
  /** Faults after which no request succeeded any more. */
  readonly neverRecovered: number;
  /** Milliseconds from the last fault to the last end. */
  readonly settledAfter: number;
  /** Whole sentences; none when every promise was kept. */
  readonly broken: readonly string[];
}

/** Servers under load while faults come, several at a time; then rest, and the checks. The caller ends what was opened. */
export async function runCampaign(options: CampaignOptions, things: OpenThings): Promise<CampaignReport> {
  const disk = await things.open(
    async () => SmallDisk.make(),
    (it) => it.remove(),
  );
  const starting = [startBroker(things), startRedis(things)] as const;
  // They start side by side; what fails first is told.
  const [postgres, broker, redis] = await Promise.all([
    things.open(
      () => OwnPostgres.start(disk.folder),
      (it) => it.close(),
    ),
    ...starting,
  ]);
  if (!broker) options.tell('No RabbitMQ is installed here: messages and events go over HTTP alone.');
  if (!redis) options.tell('No Redis is installed here: jobs are handed out by the database alone.');
  const ledger = await things.open(
    () => Ledger.open(),
    (it) => it.close(),
  );
  const proxy = await things.open(
    () => PostgresProxy.open(postgres.port),
    (it) => it.close(),
  );
  await migrate(postgres.url);
  const fleet = await things.open(
    () =>
      ServerFleet.start(options.servers, {
        DATABASE_URL: proxy.urlOf(postgres.url),
        CHAOS_LEDGER: ledger.url,
        ...(redis && { REDIS_URL: redis.url }),
        ...broker?.environment,
      }),
    (it) => it.close(),
  );
  return await harm({ postgres, ledger, proxy, redis, broker, disk, fleet }, options);
}

const startBroker = (things: OpenThings): Promise<Broker | null> =>
  OwnRabbit.isInstalled
    ? things.open(
        () => Broker.start(),
        (it) => it.close(),
      )
    : Promise.resolve(null);

const startRedis = (things: OpenThings): Promise<RedisServer | null> =>
  redisInstalled
    ? things.open(
        () => RedisServer.start(),
        (it) => it.close(),
      )
    : Promise.resolve(null);

/** Crash points with a server process that is killed at each of them. The caller ends what was opened. */
export async function runCrashPointsOfProcess(
  { stride, atMost }: { readonly stride: number; readonly atMost: number },
  things: OpenThings,
): Promise<CrashPointsReport> {
  const home = await things.open(
    async () => mkdtempSync(path.join(tmpdir(), 'xflow-chaos-')),
    (it) => rmSync(it, { recursive: true, force: true }),
  );
  const postgres = await things.open(
    () => OwnPostgres.start(home),
    (it) => it.close(),
  );
  const ledger = await things.open(
    () => Ledger.open(),
    (it) => it.close(),
  );
  const proxy = await things.open(
    () => PostgresProxy.open(postgres.port),
    (it) => it.close(),
  );
  const pool = await things.open(
    async () => new Pool({ connectionString: postgres.url, max: 1 }),
    (it) => it.end(),
  );
  await migrate(postgres.url);
  const fleet = await things.open(
    () =>
      ServerFleet.start(1, {
        DATABASE_URL: proxy.urlOf(postgres.url),
        CHAOS_LEDGER: ledger.url,
        CHAOS_TEST_CLOCK: 'true',
      }),
    (it) => it.close(),
  );
  await deployJourney(fleet.urls[0]!);
  const restart = async (): Promise<void> => {
    await fleet.kill(0);
    await fleet.full();
  };
  return await runCrashPoints({ proxy, pool, ledger, url: () => fleet.urls[0] ?? '', restart, stride, atMost });
}

interface Scene extends Omit<Surroundings, 'dice' | 'sleepOfZombies'> {
  readonly ledger: Ledger;
}

async function harm(scene: Scene, options: CampaignOptions): Promise<CampaignReport> {
  const { postgres, ledger, fleet, broker } = scene;
  const { seed, instances, rate, atMost, tell, endsWithin } = options;
  const pool = new Pool({ connectionString: postgres.url, max: 2 });
  await createUsers(pool, instances);
  // PostgreSQL is going to be another one.
  await pool.end();
  await deployJourney(fleet.urls[0]!);
  const publisher = broker?.publisher ?? null;
  const load = new Load(() => fleet.urls, publisher, new Dice(`${seed} load`), {
    instances,
    rate,
    callers: 256,
    atMost,
  });
  const running = load.run();
  const ticking = load.tick();
  const began = Date.now();
  const say = (line: string): void => tell(`${((Date.now() - began) / 1_000).toFixed(1).padStart(6)} s  ${line}`);
  const { ends, injected, failed } = await injectFaults(scene, load, options, say);
  await fleet.full();
  const lastFault = Date.now();
  const giveUp = setTimeout(() => load.stop(), endsWithin);
  await running;
  const calm = new Pool({ connectionString: postgres.url, max: 2 });
  try {
    const users = load.tickets.length;
    const rest = { pool: calm, broker, users };
    const settledAfter = await settle(rest, lastFault, endsWithin, [tickKey]);
    load.stopTicking();
    await ticking;
    await load.startQuietly(quietUsers);
    clearTimeout(giveUp);
    await settle(rest, Date.now(), quietWithin);
    say('at rest; checking');
    const recoveries = ends.map((moment) => load.recovery(moment));
    return {
      seed,
      instances: users,
      injected,
      acknowledged: load.acknowledged,
      repeatedRequests: load.repeated,
      published: publisher && { confirmed: publisher.confirmed, repeated: publisher.repeated },
      ledgerRuns: ledger.runs.size,
      ledgerRepeats: ledger.repeats,
      recoveries: recoveries.filter((recovery) => recovery !== null).sort((a, b) => a - b),
      neverRecovered: recoveries.filter((recovery) => recovery === null).length,
      settledAfter,
      broken: [...failed, ...(await check(calm, load, ledger, broker))],
    };
  } finally {
    await calm.end();
  }
}

interface Injected {
  /** When each fault was over. */
  readonly ends: readonly number[];
  readonly injected: ReadonlyMap<FaultName, number>;
  /** Faults of which the surroundings did not recover: whole sentences. */
  readonly failed: readonly string[];
}

/** Spreads the faults over the load, however fast it goes here: those of one lane one after the other, those of several at the same time. */
async function injectFaults(
  scene: Scene,
  load: Load,
  { seed, faults: count, sleepOfZombies }: CampaignOptions,
  say: (line: string) => void,
): Promise<Injected> {
  const dice = new Dice(`${seed} faults`);
  const plan = planFaults(dice, count, scene);
  const ends: number[] = [];
  const injected = new Map<FaultName, number>();
  const failed: string[] = [];
  const lanes = new Map<string, Promise<void>>();
  for (const [index, name] of plan.entries()) {
    const deadline = Date.now() + nextFaultWithin;
    while (load.progress < index / plan.length && Date.now() < deadline) await sleep(10);
    const { lane, harm: inject } = faults[name];
    // Not drawn from by several at a time, whose order is not the seed's.
    const own = new Dice(`${seed} fault ${index}`);
    const run = async (): Promise<void> => {
      say(name);
      try {
        const work = inject({ ...scene, dice: own, sleepOfZombies });
        await within(faultWithin, `The fault "${name}" is not over.`, work);
        ends.push(Date.now());
        injected.set(name, (injected.get(name) ?? 0) + 1);
      } catch (error) {
        failed.push(`The fault "${name}" failed: ${String(error)}`);
        say(failed.at(-1)!);
      }
    };
    lanes.set(lane, (lanes.get(lane) ?? Promise.resolve()).then(run));
  }
  await Promise.all(lanes.values());
  return { ends, injected, failed };
}

async function createUsers(pool: Pool, count: number): Promise<void> {
  await pool.query(
    `INSERT INTO user_profile (subject_id, created_at, updated_at)
     SELECT 'user-' || n, now(), now() FROM generate_series(0, $1 - 1) AS n UNION ALL SELECT id, now(), now() FROM unnest($2::text[]) AS id`,
    [count, quietUsers],
  );
}

/**
 * Waits until nothing is under way: no instance is active (but of those workflows), no changed user waits, the broker's queue is empty, and
 * the events of so many users are there. Returns how long it took, in milliseconds. What still waits after `atMost` is left to the checks.
 */
async function settle(
  { pool, broker, users }: { readonly pool: Pool; readonly broker: Broker | null; readonly users: number },
  since: number,
  atMost: number,
  exceptOf: readonly string[] = [],
): Promise<number> {
  for (; ; await sleep(100)) {
    const { rows } = await pool.query<{ busy: boolean }>(
      `SELECT EXISTS (SELECT FROM instance WHERE status = 'active' AND workflow_key <> ALL ($2)) OR EXISTS (SELECT FROM changed_user)
         OR (SELECT count(DISTINCT subject_id) FROM user_event) < $1 AS busy`,
      [users, exceptOf],
    );
    const isBusy = rows[0]!.busy || (broker !== null && (await broker.waiting()) > 0);
    const took = Date.now() - since;
    if (!isBusy || took > atMost) return took;
  }
}
