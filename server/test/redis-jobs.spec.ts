import { EventEmitter, once } from 'node:events';
import type { QueryResultRow } from 'pg';
import { TaskHandler, type Job, type JobHandler } from '../src/task-handlers/task-handler.js';
import { diagram, end, process as processOf, sequence, start, task } from './diagram.js';
import { closeAfterTests } from './open-resources.js';
import { redisInstalled, RedisServer } from './redis-server.js';
import { startTestServer, type TestServer } from './test-server.js';

const schema = { type: 'object' } as const;
/** Of what is under way. */
const changes = new EventEmitter();

/** Counts its attempts by idempotency key, and holds them up while it is told to. */
@TaskHandler('counted', { schema, concurrency: 8 })
class Counted implements JobHandler {
  static readonly attempts = new Map<string, number>();
  static gate: Promise<void> = Promise.resolve();
  static underWay = 0;
  /** Resolves when so many are under way. */
  static async atWork(count: number): Promise<void> {
    while (Counted.underWay !== count) await once(changes, 'counted');
  }

  async run({ idempotencyKey }: Job, signal: AbortSignal): Promise<null> {
    Counted.underWay += 1;
    changes.emit('counted');
    await Promise.race([
      Counted.gate,
      new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve());
      }),
    ]);
    Counted.underWay -= 1;
    changes.emit('counted');
    Counted.attempts.set(idempotencyKey, (Counted.attempts.get(idempotencyKey) ?? 0) + 1);
    return null;
  }
}

@TaskHandler('failing', { schema, maxAttempts: 2, backoff: { first: 60_000, longest: 60_000 } })
class Failing implements JobHandler {
  static attempts = 0;
  run(): Promise<null> {
    Failing.attempts += 1;
    return Promise.reject(new Error('The other side is away.'));
  }
}

/** Two at a time, over all servers; each until the next one wants its place. */
@TaskHandler('scarce', { schema, limits: { concurrency: 2, rate: null } })
class Scarce implements JobHandler {
  static readonly begun: (() => void)[] = [];
  static underWay = 0;
  static most = 0;

  static letAllGo(): void {
    for (const resolve of Scarce.begun.splice(0)) resolve();
  }

  async run(): Promise<null> {
    Scarce.most = Math.max(Scarce.most, ++Scarce.underWay);
    changes.emit('scarce');
    await new Promise<void>((resolve) => Scarce.begun.push(resolve));
    Scarce.underWay -= 1;
    return null;
  }
}

/** Two in a span of 100 milliseconds, over all servers. */
@TaskHandler('rated', { schema, limits: { concurrency: null, rate: { max: 2, duration: 100 } } })
class Rated implements JobHandler {
  static readonly begun: number[] = [];
  run(): Promise<null> {
    Rated.begun.push(performance.now());
    return Promise.resolve(null);
  }
}

const handlers = [Counted, Failing, Scarce, Rated];

const [describeWithRedis, title] = redisInstalled
  ? [describe, 'jobs through Redis']
  : [describe.skip, 'jobs through Redis (skipped: no redis-server found; install the package redis-server)'];

describeWithRedis(title, () => {
  let redis: RedisServer;
  let server: TestServer;
  beforeAll(async () => {
    redis = await RedisServer.start();
    closeAfterTests(() => redis.close());
    process.env['REDIS_URL'] = redis.url;
    server = await startTestServer({ handlers });
    await server.database.pool.query(`CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_notify('job_changed', ''); RETURN NULL; END $$`);
    await server.database.pool.query(
      'CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON task FOR EACH STATEMENT EXECUTE FUNCTION tell()',
    );
    await server.api.createUsers('ann');
    for (const type of ['counted', 'failing', 'scarce', 'rated'])
      await server.api.deploy(diagram(processOf(type, sequence(start, task('work', type), end))));
  });
  afterAll(() => {
    delete process.env['REDIS_URL'];
  });

  const begin = async (key: string, instances: number): Promise<string[]> => {
    const users = Array.from({ length: instances }, () => ({ userId: 'ann' }));
    const started = await server.api.ok<{ instances: { id: string }[] }>('POST', `/workflows/${key}/start`, { users });
    return started.instances.map(({ id }) => id);
  };
  const open = async (): Promise<number> =>
    (await server.database.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM instance WHERE status = 'active'`))
      .rows[0]!.n;
  /** Holds the handlers up; returns what lets them go. */
  const hold = (): (() => void) => {
    let letGo = (): void => undefined;
    Counted.gate = new Promise((resolve) => (letGo = resolve));
    return letGo;
  };
  /** Resolves with the rows of a query about jobs when there are so many; asked anew after every commit that has changed a job. */
  const rowsOf = async <Row extends QueryResultRow>(text: string, count: number): Promise<readonly Row[]> => {
    const client = await server.database.pool.connect();
    try {
      await client.query('LISTEN job_changed');
      for (;;) {
        const changed = once(client, 'notification');
        const { rows } = await client.query<Row>(text);
        if (rows.length === count) return rows;
        await changed;
      }
    } finally {
      client.release(true);
    }
  };

  const ended = (key: string) => rowsOf(`SELECT FROM instance WHERE workflow_key = '${key}' AND status = 'active'`, 0);

  it('are each done once', async () => {
    const ids = await begin('counted', 300);
    await server.api.rest();
    expect(await open()).toBe(0);
    expect(Counted.attempts.size).toBe(ids.length);
    expect(new Set(Counted.attempts.values())).toEqual(new Set([1]));
  });

  it('are tried again when they are due, and become incidents', async () => {
    const [id] = await begin('failing', 1);
    await server.api.rest();
    expect(Failing.attempts).toBe(1);
    await server.api.advance('PT1M');
    expect(Failing.attempts).toBe(2);
    expect((await server.api.status(id!)).incidents).toMatchObject([{ type: 'task-failed' }]);
    await server.api.ok('POST', `/workflows/${id}/cancel`);
  });

  describe('of two servers', () => {
    let other: TestServer;
    beforeAll(async () => {
      other = await startTestServer({ handlers, database: server.database });
    });
    afterAll(() => other.close());

    /** Lets go whatever begins, until all instances have ended. */
    const finish = async (): Promise<void> => {
      changes.on('scarce', letOthersBegin);
      Scarce.letAllGo();
      await ended('scarce');
      changes.off('scarce', letOthersBegin);
    };
    const letOthersBegin = () => setImmediate(() => Scarce.letAllGo());
    const twoUnderWay = async (): Promise<void> => {
      while (Scarce.underWay < 2) await once(changes, 'scarce');
    };

    it('are under way no more at a time than all servers together may have', async () => {
      await begin('scarce', 20);
      await twoUnderWay();
      await finish();
      expect(Scarce.most).toBe(2);
    });

    it('are no more either when Redis, which counts them, is flushed', async () => {
      await begin('scarce', 20);
      await twoUnderWay();
      const [{ generation }] = (await rowsOf<{ generation: string }>(
        `SELECT max(queued_in::text) AS generation FROM task WHERE type = 'scarce'`,
        1,
      )) as [{ generation: string }];
      await redis.ask((client) => client.flushall());
      await rowsOf(`SELECT FROM task WHERE queued_in = '${generation}'`, 0);
      // A type without a limit is put into the new one, and done.
      await begin('counted', 50);
      await ended('counted');
      expect(Scarce.underWay).toBe(2);
      await finish();
      expect(Scarce.most).toBe(2);
    });

    it('begin no more often than their rate lets them', async () => {
      await begin('rated', 6);
      await ended('rated');
      const [first, , , , fifth] = Rated.begun as [number, number, number, number, number];
      // Two periods of 100 ms lie between them; a job may begin some time after Redis has let it go.
      expect(fifth - first).toBeGreaterThan(150);
    });
  });

  it('are all done when Redis is flushed in the middle', async () => {
    Counted.attempts.clear();
    const letGo = hold();
    const ids = await begin('counted', 100);
    await Counted.atWork(8);
    await redis.ask((client) => client.flushall());
    letGo();
    await server.api.rest();
    expect(await open()).toBe(0);
    expect(Counted.attempts.size).toBe(ids.length);
    // Those that were under way were leased, and are not begun a second time.
    expect(new Set(Counted.attempts.values())).toEqual(new Set([1]));
  });

  it('are all done when Redis is killed, and comes back empty', async () => {
    Counted.attempts.clear();
    const letGo = hold();
    const ids = await begin('counted', 100);
    await Counted.atWork(8);
    await redis.kill();
    ids.push(...(await begin('counted', 20)));
    letGo();
    await Counted.atWork(0);
    await redis.run();
    await server.api.rest();
    expect(await open()).toBe(0);
    expect(Counted.attempts.size).toBe(ids.length);
  });

  it('of a suspended instance are not begun, though they are in Redis, until it is resumed', async () => {
    Counted.attempts.clear();
    const letGo = hold();
    const ids = await begin('counted', 300);
    await Counted.atWork(8);
    // The last in line: a server leases few more than are under way, or than have ended in the last tenth of a second.
    const id = ids.at(-1);
    await rowsOf(`SELECT FROM task WHERE queued_in IS NOT NULL AND instance_id = '${id}'`, 1);
    await server.api.ok('POST', `/instances/${id}/suspend`);
    letGo();
    await server.api.rest();
    expect(await open()).toBe(1);
    expect(Counted.attempts.size).toBe(ids.length - 1);
    await server.api.ok('POST', `/instances/${id}/resume`);
    await server.api.rest();
    expect(await open()).toBe(0);
    expect(new Set(Counted.attempts.values())).toEqual(new Set([1]));
  });

  it('that are in Redis twice, or not wanted any more, do nothing', async () => {
    Counted.attempts.clear();
    const letGo = hold();
    const ids = await begin('counted', 30);
    await Counted.atWork(8);
    await server.database.pool.query(`UPDATE task SET next_attempt_at = '2000-01-01' WHERE queued_in IS NOT NULL`);
    await redis.ask((client) => client.keys('*generation').then((keys) => client.del(keys)));
    await rowsOf(`SELECT FROM task WHERE next_attempt_at = '2000-01-01'`, 0);
    for (const id of ids.slice(0, 10)) await server.api.ok('POST', `/workflows/${id}/cancel`);
    letGo();
    await server.api.rest();
    expect(await open()).toBe(0);
    expect(new Set(Counted.attempts.values())).toEqual(new Set([1]));
  });
});
