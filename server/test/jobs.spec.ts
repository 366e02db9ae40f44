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

@TaskHandler('endless', { schema, timeoutMs: 20, maxAttempts: 1 })
class Endless implements JobHandler {
  static signal: AbortSignal;
  run(_job: Job, signal: AbortSignal): Promise<null> {
    Endless.signal = signal;
    return new Promise(() => undefined);
  }
}

@TaskHandler('single', { schema, concurrency: 1 })
class Single implements JobHandler {
  static readonly gate = new Gate();
  run(_job: Job, signal: AbortSignal): Promise<null> {
    return Single.gate.pass(signal);
  }
}

@TaskHandler('usual', { schema, concurrency: 1_000 })
class Usual implements JobHandler {
  static readonly gate = new Gate();
  run(_job: Job, signal: AbortSignal): Promise<null> {
    return Usual.gate.pass(signal);
  }
}

@TaskHandler('urgent', { schema, concurrency: 1_000, priority: 1 })
class Urgent implements JobHandler {
  static readonly gate = new Gate();
  run(_job: Job, signal: AbortSignal): Promise<null> {
    return Urgent.gate.pass(signal);
  }
}

const handlers = [Flaky, Gated, Shared, Rated, Endless, Single];

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

  it('are given up when they take too long', async () => {
    const { api } = server;
    await api.deploy(diagram(process('endless', sequence(start, task('work', 'endless'), end))));
    const id = await api.start('endless', 'ann');
    await api.rest();
    expect((await api.status(id)).incidents).toMatchObject([
      { type: 'task-failed', reason: expect.stringContaining('it took longer than 20 ms') as string },
    ]);
    expect(Endless.signal.aborted).toBe(true);
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

  it('are not begun when nobody wants them any more, though they are leased', async () => {
    const { gate } = Single;
    const [api] = servers.map((server) => server.api) as [TestServer['api']];
    const loop =
      '<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>4</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>';
    const many = task('work', 'single').replace('</bpmn:serviceTask>', `${loop}</bpmn:serviceTask>`);
    await api.deploy(diagram(process('many', sequence(start, many, end))));
    // Each server has one of the four under way, and has leased one more.
    const id = await api.start('many', 'ann');
    await until(() => gate.underWay === 2);
    const leased = `SELECT FROM task WHERE type = 'single' AND lease_owner IS NOT NULL`;
    while ((await servers[0].database.pool.query(leased)).rows.length < 4) await new Promise(setImmediate);
    await api.ok('POST', `/workflows/${id}/cancel`);
    await until(() => gate.underWay === 0);
    expect(gate).toMatchObject({ begun: 2, most: 2 });
  });
});

describe('jobs of a type with a higher priority', () => {
  it('begin first where a server has no room for all, though others wait for longer', async () => {
    const without = await startTestServer({ testClock: false });
    await without.api.createUsers('ann');
    const foreign = (type: string) =>
      diagram(
        process(
          type,
          sequence(
            start,
            `<bpmn:serviceTask id="work"><bpmn:extensionElements>
               <zeebe:taskDefinition xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" type="${type}"/>
             </bpmn:extensionElements></bpmn:serviceTask>`,
            end,
          ),
        ),
      );
    const jobs = async () => (await without.database.pool.query('SELECT FROM task')).rows.length;
    for (const [type, instances, before] of [
      ['usual', 600, 0],
      ['urgent', 20, 600],
    ] as const) {
      await without.api.deploy(foreign(type));
      const users = Array.from({ length: instances }, () => ({ userId: 'ann' }));
      await without.api.ok('POST', `/workflows/${type}/start`, { users });
      while ((await jobs()) < before + instances) await new Promise(setImmediate);
    }
    const server = await startTestServer({ handlers: [Usual, Urgent], testClock: false, database: without.database });
    await until(() => Usual.gate.underWay + Urgent.gate.underWay >= 512);
    expect(Urgent.gate.begun).toBe(20);
    await server.close();
  });
});
