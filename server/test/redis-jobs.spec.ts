import { TaskHandler, type Job, type JobHandler } from '../src/task-handlers/task-handler.js';
import { diagram, end, process as processOf, sequence, start, task } from './diagram.js';
import { closeAfterTests } from './open-resources.js';
import { redisInstalled, RedisServer } from './redis-server.js';
import { startTestServer, type TestServer } from './test-server.js';

const schema = { type: 'object' } as const;

/** Counts its attempts by idempotency key, and holds them up while it is told to. */
@TaskHandler('counted', { schema, concurrency: 8 })
class Counted implements JobHandler {
  static readonly attempts = new Map<string, number>();
  static gate: Promise<void> = Promise.resolve();
  static underWay = 0;

  async run({ idempotencyKey }: Job, signal: AbortSignal): Promise<null> {
    Counted.underWay += 1;
    await Promise.race([
      Counted.gate,
      new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve());
      }),
    ]);
    Counted.underWay -= 1;
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

@TaskHandler('scarce', { schema, limits: { concurrency: 2, rate: null } })
class Scarce implements JobHandler {
  static underWay = 0;
  static most = 0;
  async run(): Promise<null> {
    Scarce.most = Math.max(Scarce.most, ++Scarce.underWay);
    await new Promise((resolve) => setTimeout(resolve, 5));
    Scarce.underWay -= 1;
    return null;
  }
}

const handlers = [Counted, Failing, Scarce];

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
    await server.api.createUsers('ann');
    for (const type of ['counted', 'failing', 'scarce'])
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
  const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
  };

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

  it('keep the limits that all servers share', async () => {
    await begin('scarce', 20);
    await server.api.rest();
    expect(await open()).toBe(0);
    expect(Scarce.most).toBe(2);
  });

  it('are all done when Redis is flushed in the middle', async () => {
    Counted.attempts.clear();
    const letGo = hold();
    const ids = await begin('counted', 100);
    await until(() => Counted.underWay === 8);
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
    await until(() => Counted.underWay === 8);
    await redis.kill();
    ids.push(...(await begin('counted', 20)));
    letGo();
    await until(() => Counted.underWay === 0);
    await redis.run();
    await server.api.rest();
    expect(await open()).toBe(0);
    expect(Counted.attempts.size).toBe(ids.length);
  });

  it('of a suspended instance are not begun, though they are in Redis, until it is resumed', async () => {
    Counted.attempts.clear();
    const letGo = hold();
    const ids = await begin('counted', 30);
    await until(() => Counted.underWay === 8);
    await until(async () => {
      const { rows } = await server.database.pool.query(`SELECT FROM task WHERE queued_in IS NOT NULL`);
      return rows.length === 22;
    });
    const { rows } = await server.database.pool.query<{ id: string }>(
      `SELECT instance_id AS id FROM task WHERE queued_in IS NOT NULL LIMIT 1`,
    );
    const { id } = rows[0]!;
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
    await until(() => Counted.underWay === 8);
    await server.database.pool.query(`UPDATE task SET next_attempt_at = '2000-01-01' WHERE queued_in IS NOT NULL`);
    await redis.ask((client) => client.keys('*generation').then((keys) => client.del(keys)));
    await until(async () => {
      const { rows } = await server.database.pool.query(`SELECT FROM task WHERE next_attempt_at = '2000-01-01'`);
      return rows.length === 0;
    });
    for (const id of ids.slice(0, 10)) await server.api.ok('POST', `/workflows/${id}/cancel`);
    letGo();
    await server.api.rest();
    expect(await open()).toBe(0);
    expect(new Set(Counted.attempts.values())).toEqual(new Set([1]));
  });
});
