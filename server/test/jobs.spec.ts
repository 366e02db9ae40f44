import { TaskHandler, type Job, type JobHandler } from '../src/task-handlers/task-handler.js';
import { diagram, end, process, sequence, start, task } from './diagram.js';
import { startTestServer, type TestServer } from './test-server.js';

/** Fails as often as its configuration says, and keeps what it was given. */
@TaskHandler('flaky', {
  schema: { type: 'object', properties: { failures: { type: 'number' } }, required: ['failures'] },
})
class Flaky implements JobHandler<{ failures: number }> {
  static readonly attempts = new Map<string, string[]>();
  static healed = false;

  async run(job: Job<{ failures: number }>): Promise<{ attempts: number }> {
    const attempts = Flaky.attempts.get(job.instanceId) ?? [];
    Flaky.attempts.set(job.instanceId, [...attempts, job.idempotencyKey]);
    if (attempts.length < job.config.failures && !Flaky.healed) throw new Error('The other side is away.');
    return await Promise.resolve({ attempts: attempts.length + 1 });
  }
}

/** Stays under way until its test lets it go. */
class Gate {
  private readonly waiting: (() => void)[] = [];
  /** Jobs under way, the most at a time, and why attempts were aborted. */
  underWay = 0;
  most = 0;
  begun = 0;
  readonly aborted: string[] = [];

  async pass(signal: AbortSignal): Promise<null> {
    this.begun += 1;
    this.underWay += 1;
    this.most = Math.max(this.most, this.underWay);
    await new Promise<void>((resolve) => {
      this.waiting.push(resolve);
      signal.addEventListener('abort', () => {
        this.aborted.push((signal.reason as Error).message);
        resolve();
      });
    });
    this.underWay -= 1;
    return null;
  }

  open(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

const schema = { type: 'object' } as const;

@TaskHandler('gated', { schema })
class Gated implements JobHandler {
  static readonly gate = new Gate();
  run(_job: Job, signal: AbortSignal): Promise<null> {
    return Gated.gate.pass(signal);
  }
}

@TaskHandler('shared', { schema, limits: { concurrency: 3, rate: null } })
class Shared implements JobHandler {
  static readonly gate = new Gate();
  run(_job: Job, signal: AbortSignal): Promise<null> {
    return Shared.gate.pass(signal);
  }
}

@TaskHandler('rated', { schema, limits: { concurrency: null, rate: { max: 3, duration: 60_000 } } })
class Rated implements JobHandler {
  static done = 0;
  async run(): Promise<null> {
    Rated.done += 1;
    return await Promise.resolve(null);
  }
}

const handlers = [Flaky, Gated, Shared, Rated];

/** Looks until it is so: on the machine's clock there is no rest to ask for. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

describe('jobs', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ handlers });
    await server.api.createUsers('ann', 'bob', 'cid');
    for (const failures of [0, 2, 99])
      await server.api.deploy(
        diagram(process(`job-${failures}`, sequence(start, task('work', 'flaky', { failures: `${failures}` }), end))),
      );
  });

  it('are done after the commit, and their results go on in the instance', async () => {
    const { api } = server;
    const id = await api.start('job-0', 'ann');
    await api.rest();
    expect(await api.status(id)).toMatchObject({ status: 'completed', variables: { result: { attempts: 1 } } });
    expect(Flaky.attempts.get(id)).toEqual([expect.stringContaining(`${id}:work:`)]);
  });

  it('are tried again, later and later, with the same idempotency key', async () => {
    const { api } = server;
    const id = await api.start('job-2', 'bob');
    await api.rest();
    expect(Flaky.attempts.get(id)).toHaveLength(1);
    await api.advance('PT1M');
    expect(await api.status(id)).toMatchObject({ status: 'completed', variables: { result: { attempts: 3 } } });
    expect(new Set(Flaky.attempts.get(id))).toHaveProperty('size', 1);
  });

  it('become an incident when their attempts are used up, which can be retried', async () => {
    const { api } = server;
    const id = await api.start('job-99', 'cid');
    await api.advance('PT1H');
    expect(Flaky.attempts.get(id)).toHaveLength(5);
    const { incidents } = await api.status(id);
    expect(incidents).toMatchObject([
      { type: 'task-failed', elementId: 'work', reason: expect.stringContaining('The other side is away.') },
    ]);
    const path = `/instances/${id}/incidents/${incidents[0]!.id}/resolve`;
    expect(await api.refused('POST', path, { action: 'take-flow', flowId: 'x' })).toMatchObject({ status: 400 });
    Flaky.healed = true;
    await api.ok('POST', path, { action: 'retry' });
    await api.rest();
    expect(await api.status(id)).toMatchObject({ status: 'completed', openIncidents: 0 });
    expect(new Set(Flaky.attempts.get(id))).toHaveProperty('size', 1);
  });

  it('are tried as often as their element says, and as long after a failure', async () => {
    const { api } = server;
    Flaky.healed = false;
    const xml = diagram(process('job-retry', sequence(start, task('work', 'flaky', { failures: '99' }), end)));
    await api.deploy(xml.replace('<xflow:task ', '<xflow:retry attempts="2" backoff="PT10M" /><xflow:task '));
    const id = await api.start('job-retry', 'cid');
    await api.rest();
    await api.advance('PT9M');
    expect(Flaky.attempts.get(id)).toHaveLength(1);
    await api.advance('PT1M');
    expect(Flaky.attempts.get(id)).toHaveLength(2);
    expect((await api.status(id)).incidents).toMatchObject([{ type: 'task-failed', elementId: 'work' }]);
  });

  it('of an instance that was cancelled are not attempted again', async () => {
    const { api, database } = server;
    Flaky.healed = false;
    const id = await api.start('job-99', 'ann');
    await api.rest();
    await api.ok('POST', `/workflows/${id}/cancel`);
    await api.advance('PT1H');
    expect(Flaky.attempts.get(id)).toHaveLength(1);
    expect((await database.pool.query('SELECT id FROM task')).rows).toEqual([]);
  });

  it('that a dead server held are taken over by the next', async () => {
    const { database } = server;
    const id = await server.api.start('job-2', 'bob');
    await server.api.rest();
    // As a server leaves it that is killed in the middle of an attempt.
    await database.pool.query(
      `UPDATE task SET lease_owner = gen_random_uuid(), next_attempt_at = next_attempt_at + interval '5 minutes' WHERE instance_id = $1`,
      [id],
    );
    const next = await startTestServer({ handlers, database });
    await next.api.rest();
    expect(Flaky.attempts.get(id)).toHaveLength(2);
    await next.close();
  });

  it('that ended their servers each time become an incident, and are not attempted for ever', async () => {
    const { api, database } = server;
    Flaky.healed = false;
    const id = await api.start('job-2', 'ann');
    await api.rest();
    await database.pool.query(`UPDATE task SET attempts = 5 WHERE instance_id = $1`, [id]);
    await api.advance('PT1M');
    expect(Flaky.attempts.get(id)).toHaveLength(1);
    expect((await api.status(id)).incidents).toMatchObject([
      {
        type: 'task-failed',
        reason: expect.stringContaining('After 5 attempts: the server that did the last one') as string,
      },
    ]);
  });

  it('begin no more often than their rate lets them, over all instances', async () => {
    const { api } = server;
    await api.deploy(diagram(process('rated', sequence(start, task('work', 'rated'), end))));
    for (let count = 0; count < 7; count++) await api.start('rated', 'ann');
    await api.rest();
    expect(Rated.done).toBe(3);
    await api.advance('PT59.999S');
    expect(Rated.done).toBe(3);
    await api.advance('PT0.001S');
    expect(Rated.done).toBe(6);
    await api.advance('PT1M');
    expect(Rated.done).toBe(7);
  });
});

describe('jobs of two servers', () => {
  let servers: [TestServer, TestServer];
  beforeAll(async () => {
    const one = await startTestServer({ handlers, testClock: false });
    servers = [one, await startTestServer({ handlers, testClock: false, database: one.database })];
    await one.api.createUsers('ann');
    for (const type of ['gated', 'shared'])
      await one.api.deploy(diagram(process(type, sequence(start, task('work', type), end))));
  });

  it('are under way no more at a time than all servers together may have', async () => {
    const { gate } = Shared;
    const ends = Array.from({ length: 10 }, (_, index) =>
      servers[index % 2]!.api.ok<{ status: string }>('POST', '/workflows/execute', {
        ...{ key: 'shared', userId: 'ann', waitSeconds: 30 },
      }),
    );
    await until(() => gate.underWay === 3);
    const opening = setInterval(() => gate.open(), 5);
    expect((await Promise.all(ends)).map(({ status }) => status)).toEqual(ends.map(() => 'completed'));
    clearInterval(opening);
    expect(gate).toMatchObject({ most: 3, begun: 10 });
  });

  it('are aborted when nobody wants them any more, wherever they run', async () => {
    const { gate } = Gated;
    const ids = await Promise.all([0, 1].map((index) => servers[index]!.api.start('gated', 'ann')));
    await until(() => gate.underWay === 2);
    for (const id of ids) await servers[0].api.ok('POST', `/workflows/${id}/cancel`);
    await until(() => gate.underWay === 0);
    expect(gate.aborted).toEqual(ids.map(() => expect.stringContaining('not wanted any more') as string));
  });
});
