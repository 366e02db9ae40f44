import { setTimeout as sleep } from 'node:timers/promises';
import type { Dice } from '../../engine/test/random/dice.js';
import type { OwnPostgres } from './own-postgres.js';
import type { PostgresProxy } from './postgres-proxy.js';
import type { RedisServer } from '../test/redis-server.js';
import type { ServerFleet } from './server-fleet.js';
import type { SmallDisk } from './small-disk.js';

/** What faults are made of. */
export interface Surroundings {
  readonly fleet: ServerFleet;
  readonly postgres: OwnPostgres;
  readonly proxy: PostgresProxy;
  readonly disk: SmallDisk;
  /** Null: this machine has none. */
  readonly redis: RedisServer | null;
  readonly dice: Dice;
  /** Milliseconds that a zombie sleeps. */
  readonly sleepOfZombies: number;
}

/** Does its harm; resolves when what it broke may work again. */
type Fault = (surroundings: Surroundings) => Promise<void>;

const hour = 3_600_000;

export const faults = {
  'server killed with -9': async ({ fleet, dice }) => {
    await fleet.kill(dice.below(fleet.size));
  },
  'all servers killed with -9': async ({ fleet }) => {
    await Promise.all(Array.from({ length: fleet.size }, (_, index) => fleet.kill(index)));
    await fleet.full();
  },
  'Postgres stopped in immediate mode': async ({ postgres, proxy, dice }) => {
    await postgres.crash();
    await sleep(dice.below(1_000));
    await postgres.restart();
    proxy.upstreamPort = postgres.port;
  },
  'network cut': async ({ proxy, dice }) => {
    proxy.refuse(true);
    await sleep(200 + dice.below(1_500));
    proxy.refuse(false);
  },
  'connections reset': async ({ proxy }) => {
    proxy.cut();
    await sleep(1);
  },
  'network delayed': async ({ proxy, dice }) => {
    proxy.delay = 5 + dice.below(60);
    await sleep(1_000 + dice.below(1_000));
    proxy.delay = 0;
  },
  'network stalled': async ({ proxy, dice }) => {
    proxy.stall(true);
    await sleep(500 + dice.below(2_000));
    proxy.stall(false);
  },
  'replies to COMMITs lost': async ({ proxy, dice }) => {
    proxy.judge = (statement) => (/\bcommit\b/i.test(statement) && dice.chance(0.3) ? 'cut-after' : 'pass');
    await sleep(1_000);
    proxy.judge = () => 'pass';
  },
  'server stopped, and woken as a zombie': async ({ fleet, dice, sleepOfZombies }) => {
    const index = dice.below(fleet.size);
    fleet.stop(index);
    await sleep(sleepOfZombies);
    fleet.resume(index);
  },
  'clock of a server wrong by an hour': async ({ fleet, dice }) => {
    const index = dice.below(fleet.size);
    fleet.skew(index, dice.chance(0.5) ? hour : -hour);
    await sleep(2_000);
    fleet.skew(index, 0);
  },
  'disk full': async ({ disk, postgres, proxy, dice }) => {
    const makeRoom = disk.fill();
    await sleep(500 + dice.below(1_500));
    makeRoom();
    // PostgreSQL gives up where its log cannot grow.
    await postgres.restart();
    proxy.upstreamPort = postgres.port;
  },
  'Redis flushed': async ({ redis }) => {
    await redis?.ask((client) => client.flushall());
  },
  'Redis killed, and replaced by an empty one': async ({ redis, dice }) => {
    await redis?.kill();
    await sleep(dice.below(1_000));
    await redis?.run();
  },
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

/** Kills come most often: they are what a server meets most. */
const weights: readonly (readonly [FaultName, number])[] = [
  ['server killed with -9', 10],
  ['all servers killed with -9', 1],
  ['Postgres stopped in immediate mode', 2],
  ['network cut', 2],
  ['connections reset', 3],
  ['network delayed', 1],
  ['network stalled', 1],
  ['replies to COMMITs lost', 4],
  ['server stopped, and woken as a zombie', 1],
  ['clock of a server wrong by an hour', 2],
];
const ofRedis: typeof weights = [
  ['Redis flushed', 2],
  ['Redis killed, and replaced by an empty one', 1],
];
const ofDisk: typeof weights = [['disk full', 1]];

/** Which faults come, and in what order: all of it from the seed. */
export function planFaults(
  dice: Dice,
  count: number,
  { redis, disk }: Pick<Surroundings, 'redis' | 'disk'>,
): FaultName[] {
  const kinds = [...weights, ...(redis ? ofRedis : []), ...(disk.isSmall ? ofDisk : [])];
  const bag = kinds.flatMap(([name, weight]) => Array<FaultName>(weight).fill(name));
  // Each at least once, before chance begins.
  const plan = kinds.map(([name]) => name);
  while (plan.length < count) plan.push(dice.pick(bag));
  for (let index = plan.length - 1; index > 0; index -= 1) {
    const other = dice.below(index + 1);
    [plan[index], plan[other]] = [plan[other]!, plan[index]!];
  }
  return plan;
}
