import { setTimeout as sleep } from 'node:timers/promises';
import type { Dice } from '../../engine/test/random/dice.js';
import type { RedisServer } from '../test/redis-server.js';
import type { Broker } from './broker.js';
import type { OwnPostgres } from './own-postgres.js';
import type { PostgresProxy } from './postgres-proxy.js';
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
  /** Null: this machine has none. */
  readonly broker: Broker | null;
  readonly dice: Dice;
  /** Milliseconds that a zombie sleeps. */
  readonly sleepOfZombies: number;
}

interface Fault {
  /** What it harms. Faults of different lanes come at the same time, those of one lane one after the other. */
  readonly lane: 'servers' | 'zombies' | 'clocks' | 'database' | 'network' | 'redis' | 'broker';
  /** How often it comes, compared with the others; null: never, here. */
  readonly weight: (surroundings: Pick<Surroundings, 'redis' | 'broker' | 'disk'>) => number | null;
  /** Does its harm; resolves when what it broke may work again. */
  readonly harm: (surroundings: Surroundings) => Promise<void>;
}

const hour = 3_600_000;
/** Milliseconds for which the broker's acknowledgements go wrong. */
const acknowledgingWrong = 1_500;

const always = (weight: number) => () => weight;
const withRedis =
  (weight: number): Fault['weight'] =>
  ({ redis }) =>
    redis && weight;
const withBroker =
  (weight: number): Fault['weight'] =>
  ({ broker }) =>
    broker && weight;

const kill = 'server killed with -9';
/** Share of {@link kill}: it is what a server meets most. */
const shareOfKills = 0.4;

export const faults = {
  [kill]: {
    lane: 'servers',
    weight: always(0),
    harm: async ({ fleet, dice }) => {
      await fleet.kill(dice.below(fleet.size));
      // Mostly the next one is killed when all serve again, however long a start takes here; else while one starts.
      if (dice.chance(0.8)) await fleet.full();
    },
  },
  'all servers killed with -9': {
    lane: 'servers',
    weight: always(1),
    harm: async ({ fleet }) => {
      await Promise.all(Array.from({ length: fleet.size }, (_, index) => fleet.kill(index)));
      await fleet.full();
    },
  },
  'server stopped, and woken as a zombie': {
    lane: 'zombies',
    weight: always(2),
    harm: async ({ fleet, dice, sleepOfZombies }) => {
      const wake = fleet.stop(dice.below(fleet.size));
      await sleep(sleepOfZombies);
      wake();
    },
  },
  'clock of a server wrong by an hour': {
    lane: 'clocks',
    weight: always(3),
    harm: async ({ fleet, dice }) => {
      const index = dice.below(fleet.size);
      fleet.skew(index, dice.chance(0.5) ? hour : -hour);
      await sleep(2_000);
      fleet.skew(index, 0);
    },
  },
  'Postgres stopped in immediate mode': {
    lane: 'database',
    weight: always(3),
    harm: async ({ postgres, proxy, dice }) => {
      await postgres.crash();
      await sleep(dice.below(1_000));
      await postgres.restart();
      proxy.upstreamPort = postgres.port;
    },
  },
  'disk full': {
    lane: 'database',
    weight: ({ disk }) => (disk.isSmall ? 2 : null),
    harm: async ({ disk, postgres, proxy, dice }) => {
      const makeRoom = disk.fill();
      await sleep(500 + dice.below(1_500));
      makeRoom();
      // PostgreSQL gives up where its log cannot grow.
      await postgres.restart();
      proxy.upstreamPort = postgres.port;
    },
  },
  'network cut': {
    lane: 'network',
    weight: always(3),
    harm: async ({ proxy, dice }) => {
      proxy.refuse(true);
      await sleep(200 + dice.below(1_500));
      proxy.refuse(false);
    },
  },
  'connections reset': {
    lane: 'network',
    weight: always(4),
    harm: async ({ proxy }) => {
      proxy.cut();
      await sleep(1);
    },
  },
  'network delayed': {
    lane: 'network',
    weight: always(2),
    harm: async ({ proxy, dice }) => {
      proxy.delay = 5 + dice.below(60);
      await sleep(1_000 + dice.below(1_000));
      proxy.delay = 0;
    },
  },
  'network stalled': {
    lane: 'network',
    weight: always(2),
    harm: async ({ proxy, dice }) => {
      proxy.stall(true);
      await sleep(500 + dice.below(2_000));
      proxy.stall(false);
    },
  },
  'replies to COMMITs lost': {
    lane: 'network',
    weight: always(6),
    harm: async ({ proxy, dice }) => {
      proxy.judge = (statement) => (/\bcommit\b/i.test(statement) && dice.chance(0.3) ? 'cut-after' : 'pass');
      await sleep(1_000);
      proxy.judge = () => 'pass';
    },
  },
  'Redis flushed': {
    lane: 'redis',
    weight: withRedis(3),
    harm: async ({ redis }) => {
      await redis!.ask((client) => client.flushall());
    },
  },
  'Redis killed, and replaced by an empty one': {
    lane: 'redis',
    weight: withRedis(2),
    harm: async ({ redis, dice }) => {
      await redis!.kill();
      await sleep(dice.below(1_000));
      await redis!.run();
    },
  },
  'RabbitMQ killed, and started again': {
    lane: 'broker',
    weight: withBroker(2),
    harm: async ({ broker }) => {
      await broker!.restart();
    },
  },
  'connections of RabbitMQ reset': {
    lane: 'broker',
    weight: withBroker(2),
    harm: async ({ broker }) => {
      broker!.proxy.cut();
      await sleep(1);
    },
  },
  'acknowledgements of RabbitMQ doubled': {
    lane: 'broker',
    weight: withBroker(2),
    harm: async ({ broker }) => {
      broker!.proxy.acknowledging = 'double';
      await sleep(acknowledgingWrong);
      broker!.proxy.acknowledging = 'pass';
    },
  },
  'acknowledgements of RabbitMQ reordered': {
    lane: 'broker',
    weight: withBroker(2),
    harm: async ({ broker }) => {
      broker!.proxy.acknowledging = 'reverse';
      await sleep(acknowledgingWrong);
      broker!.proxy.acknowledging = 'pass';
    },
  },
  'acknowledgements of RabbitMQ lost with their connections': {
    lane: 'broker',
    weight: withBroker(3),
    harm: async ({ broker }) => {
      broker!.proxy.acknowledging = 'lose';
      await sleep(acknowledgingWrong);
      broker!.proxy.cut();
      broker!.proxy.acknowledging = 'pass';
    },
  },
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

/** Which faults come, and in what order: all of it from the seed. */
export function planFaults(
  dice: Dice,
  count: number,
  surroundings: Pick<Surroundings, 'redis' | 'broker' | 'disk'>,
): FaultName[] {
  const weights = (Object.keys(faults) as FaultName[]).flatMap((name): { name: FaultName; weight: number }[] => {
    const weight = faults[name].weight(surroundings);
    return weight === null ? [] : [{ name, weight }];
  });
  const bag = weights.flatMap(({ name, weight }) => Array<FaultName>(weight).fill(name));
  const plan: FaultName[] = Array<FaultName>(Math.round(count * shareOfKills)).fill(kill);
  // Each at least once, before chance begins.
  for (const { name } of weights) if (!plan.includes(name)) plan.push(name);
  while (plan.length < count) plan.push(dice.pick(bag));
  for (let index = plan.length - 1; index > 0; index -= 1) {
    const other = dice.below(index + 1);
    const name: FaultName = plan[index]!;
    plan[index] = plan[other]!;
    plan[other] = name;
  }
  return plan;
}
