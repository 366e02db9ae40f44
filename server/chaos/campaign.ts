import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';
import { redisInstalled, RedisServer } from '../test/redis-server.js';
import { Dice } from '../../engine/test/random/dice.js';
import { migrate } from '../src/database/migrate.js';
import { check } from './check.js';
import { runCrashPoints, type CrashPointsReport } from './crash-points.js';
import { journeyXml } from './journey.js';
import { Ledger } from './ledger.js';
import { Load } from './load.js';
import { faults, planFaults, type FaultName } from './nemesis.js';
import { OwnPostgres } from './own-postgres.js';
import { PostgresProxy } from './postgres-proxy.js';
import { ServerFleet } from './server-fleet.js';
import { SmallDisk } from './small-disk.js';

/** Instances that are started when all faults are over. */
const quietInstances = 10;

export interface CampaignOptions {
  readonly seed: string;
  readonly instances: number;
  readonly faults: number;
  /** Starts a second. */
  readonly rate: number;
  readonly servers: number;
  /** Milliseconds. */
  readonly sleepOfZombies: number;
  /** Longest that everything may take to end after the last fault, in milliseconds. */
  readonly endsWithin: number;
  readonly tell: (line: string) => void;
}

export interface CampaignReport {
  readonly seed: string;
  readonly injected: ReadonlyMap<FaultName, number>;
  readonly acknowledged: number;
  readonly repeatedRequests: number;
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

/** Servers under load while one fault follows the other; then rest, and the checks. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignReport> {
  const disk = SmallDisk.make();
  const postgres = await OwnPostgres.start(disk.folder);
  const ledger = await Ledger.open();
  const proxy = await PostgresProxy.open(postgres.port);
  const redis = redisInstalled ? await RedisServer.start() : null;
  let fleet: ServerFleet | null = null;
  try {
    await migrate(postgres.url);
    fleet = await ServerFleet.start(options.servers, {
      DATABASE_URL: proxy.urlOf(postgres.url),
      CHAOS_LEDGER: ledger.url,
      ...(redis ? { REDIS_URL: redis.url } : {}),
    });
    return await harm({ postgres, ledger, proxy, redis, disk, fleet }, options);
  } finally {
    await fleet?.close();
    await redis?.close();
    await proxy.close();
    await ledger.close();
    await postgres.crash();
    disk.remove();
  }
}

/** Crash points with a server process that is killed at each of them. */
export async function runCrashPointsOfProcess(stride: number): Promise<CrashPointsReport> {
  const home = mkdtempSync(path.join(tmpdir(), 'xflow-chaos-'));
  const postgres = await OwnPostgres.start(home);
  const ledger = await Ledger.open();
  const proxy = await PostgresProxy.open(postgres.port);
  const pool = new Pool({ connectionString: postgres.url, max: 1 });
  let fleet: ServerFleet | null = null;
  try {
    await migrate(postgres.url);
    const running = (fleet = await ServerFleet.start(1, {
      DATABASE_URL: proxy.urlOf(postgres.url),
      CHAOS_LEDGER: ledger.url,
      CHAOS_TEST_CLOCK: 'true',
    }));
    await prepare(postgres.url, running.urls[0]!, 0);
    const restart = async (): Promise<void> => {
      await running.kill(0);
      await running.full();
    };
    return await runCrashPoints({ proxy, pool, ledger, url: () => running.urls[0] ?? '', restart, stride });
  } finally {
    await fleet?.close();
    await proxy.close();
    await ledger.close();
    await pool.end();
    await postgres.crash();
    rmSync(home, { recursive: true, force: true });
  }
}

interface Scene {
  readonly postgres: OwnPostgres;
  readonly ledger: Ledger;
  readonly proxy: PostgresProxy;
  readonly redis: RedisServer | null;
  readonly disk: SmallDisk;
  readonly fleet: ServerFleet;
}

async function harm(scene: Scene, options: CampaignOptions): Promise<CampaignReport> {
  const { postgres, ledger, fleet } = scene;
  const { seed, instances, rate, tell, sleepOfZombies } = options;
  await prepare(postgres.url, fleet.urls[0]!, instances + quietInstances);
  const load = new Load(() => fleet.urls, new Dice(`${seed} load`), { instances, rate, callers: 256 });
  const dice = new Dice(`${seed} faults`);
  const plan = planFaults(dice, options.faults, scene);
  const ends: number[] = [];
  let loading = true;
  const running = load.run().finally(() => (loading = false));
  const pace = ((instances / rate) * 1_000) / plan.length;
  const began = Date.now();
  const injected = new Map<FaultName, number>();
  for (const [index, name] of plan.entries()) {
    // Spread over the load; late ones do not wait.
    if (loading) await sleep(Math.max(0, began + index * pace - Date.now()));
    tell(`${((Date.now() - began) / 1_000).toFixed(1).padStart(6)} s  ${name}`);
    await faults[name]({ ...scene, dice, sleepOfZombies });
    ends.push(Date.now());
    injected.set(name, (injected.get(name) ?? 0) + 1);
  }
  await fleet.full();
  const lastFault = Date.now();
  const giveUp = setTimeout(() => load.stop(), options.endsWithin);
  await running;
  await load.runQuietly(quietInstances);
  clearTimeout(giveUp);
  const pool = new Pool({ connectionString: postgres.url, max: 2 });
  try {
    const settledAfter = await settle(pool, lastFault, options.endsWithin);
    tell(`${((Date.now() - began) / 1_000).toFixed(1).padStart(6)} s  at rest; checking`);
    const recoveries = ends.map((moment) => load.recovery(moment));
    return {
      seed,
      injected,
      acknowledged: load.acknowledged,
      repeatedRequests: load.repeated,
      ledgerRuns: ledger.runs.size,
      ledgerRepeats: ledger.repeats,
      recoveries: recoveries.filter((recovery) => recovery !== null).sort((a, b) => a - b),
      // Those after the last request could not show theirs.
      neverRecovered: ends.filter((moment, index) => recoveries[index] === null && moment < lastFault - 30_000).length,
      settledAfter,
      broken: await check(pool, load, ledger),
    };
  } finally {
    await pool.end();
  }
}

/** Users, and the journey. */
async function prepare(databaseUrl: string, serverUrl: string, users: number): Promise<void> {
  const pool = new Pool({ connectionString: databaseUrl, max: 1 });
  await pool.query(
    `INSERT INTO user_profile (subject_id, created_at, updated_at) SELECT 'user-' || n, now(), now() FROM generate_series(0, $1 - 1) AS n`,
    [users],
  );
  await pool.end();
  const response = await fetch(`${serverUrl}/api/workflows`, {
    method: 'POST',
    headers: { 'content-type': 'application/xml' },
    body: journeyXml,
  });
  if (!response.ok) throw new Error(`The journey cannot be deployed: ${await response.text()}`);
}

/** Waits until no instance is active; returns how long it took, in milliseconds. What still waits then is left to the checks. */
async function settle(pool: Pool, since: number, atMost: number): Promise<number> {
  for (;;) {
    const { rows } = await pool.query<{ busy: boolean }>(
      `SELECT EXISTS (SELECT FROM instance WHERE status = 'active' LIMIT 1) AS busy`,
    );
    const took = Date.now() - since;
    if (!rows[0]!.busy || took > atMost) return took;
    await sleep(100);
  }
}
