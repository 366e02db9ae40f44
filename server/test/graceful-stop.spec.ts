import { Kafka, logLevel } from 'kafkajs';
import type { Json } from '@xflow/engine';
import type { ServerRole } from '../src/database/server-identity.js';
import { createServer, type RunningServer } from '../src/main/create-server.js';
import { TaskHandler, type JobHandler } from '../src/task-handlers/task-handler.js';
import { diagram, end, message, process as processOf, receive, sequence, start, task, wait } from './diagram.js';
import { withEnvironment } from './event-stream/contract.js';
import { KafkaBroker } from './kafka-broker.js';
import { closeAfterTests } from './open-resources.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { TestApi } from './test-server.js';

/** Whether jobs never end by themselves, whatever they are told; or end at once. */
let stuck = true;
const begun: (() => void)[] = [];

@TaskHandler('slow-work', { schema: { type: 'object' } })
class SlowWork implements JobHandler {
  run(): Promise<Json> {
    for (const tell of begun.splice(0)) tell();
    return stuck ? new Promise<Json>(() => undefined) : Promise.resolve(null);
  }
}

/** Milliseconds. Long polls and streams that kept a server from stopping would do so for 20 s and more; a stop that takes 30 s is cut off. */
const stopsWithin = 15_000;

describe('a server that is told to stop under load', () => {
  let database: TestDatabase;
  let broker: KafkaBroker;
  /** Answers what the tests ask. */
  let api: TestApi;

  const begin = async (role: ServerRole): Promise<RunningServer> => {
    const environment = { KAFKA_BROKERS: broker.address, KAFKA_TOPICS: 'crm' };
    const options = { databaseUrl: database.url, port: 0, handlers: [SlowWork], role };
    const server = await withEnvironment(environment, () => createServer(options));
    closeAfterTests(() => server.close());
    return server;
  };
  const stop = async (server: RunningServer): Promise<void> => {
    const began = performance.now();
    await server.close();
    expect(performance.now() - began).toBeLessThan(stopsWithin);
  };
  /** What a client gets that waits: the status, or 0 when the connection was broken. Reads to the end. */
  const status = async (answer: Promise<Response>): Promise<number> => {
    try {
      const response = await answer;
      await response.text();
      return response.status;
    } catch {
      return 0;
    }
  };
  const post = (url: string, path: string, body: object): Promise<Response> =>
    fetch(`${url}/api${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const count = async (text: string): Promise<number> =>
    (await database.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${text}`)).rows[0]!.n;

  beforeAll(async () => {
    database = await createTestDatabase();
    broker = await KafkaBroker.start();
    api = new TestApi((await begin('api')).url);
    await api.createUsers('ann');
    await api.deploy(diagram(message('m', 'm'), processOf('waits', sequence(start, receive('wait', 'm'), end))));
    await api.deploy(diagram(processOf('works', sequence(start, task('work', 'slow-work'), end))));
    await api.deploy(diagram(processOf('sleeps', sequence(start, wait('w', 'PT0.01S'), end))));
  });

  it.each(['all', 'api'] as const)('in role %s answers everyone, and keeps what it has accepted', async (role) => {
    const before = await count(`instance WHERE workflow_key = 'waits'`);
    const server = await begin(role);
    const instance = await api.start('waits', 'ann');
    const open = [
      status(fetch(`${server.url}/api/instances/${instance}/live`)),
      status(fetch(`${server.url}/api/workflows/waits/live`)),
      status(post(server.url, '/tasks/activate', { types: ['elsewhere'], waitSeconds: 25 })),
    ];
    const executed = status(post(server.url, '/workflows/execute', { key: 'waits', userId: 'ann', waitSeconds: 25 }));
    let stopped = false;
    const load = Array.from({ length: 10 }, async () => {
      const answers: number[] = [];
      while (!stopped) answers.push(await status(post(server.url, '/workflows/waits/start', { userId: 'ann' })));
      return answers;
    });
    // Everyone is on their way.
    await status(post(server.url, '/workflows/waits/start', { userId: 'ann' }));
    await stop(server);
    stopped = true;
    expect(await Promise.all(open)).toEqual([200, 200, 200]);
    const answers = [...(await Promise.all(load)).flat(), await executed];
    expect([...new Set(answers)].filter((answer) => ![0, 200, 201, 503].includes(answer))).toEqual([]);
    const accepted = answers.filter((answer) => answer === 200 || answer === 201).length;
    // Those whose answer was cut off may be there, too; the one before all, and the one that was watched, are.
    const made = (await count(`instance WHERE workflow_key = 'waits'`)) - before - 2;
    expect(made).toBeGreaterThanOrEqual(accepted);
    expect(made).toBeLessThanOrEqual(accepted + answers.filter((answer) => answer === 0).length);
  });

  it('in role worker gives back jobs that do not end, for others to do', async () => {
    const server = await begin('worker');
    const running = new Promise<void>((tell) => begun.push(tell));
    const id = await api.start('works', 'ann');
    await running;
    await stop(server);
    expect(await count('task WHERE lease_owner IS NULL AND next_attempt_at <= now()')).toBe(1);
    stuck = false;
    const other = await begin('worker');
    expect(await api.ok('GET', `/workflows/${id}/status`)).toBeDefined();
    const ended = await post((await begin('api')).url, '/workflows/execute', {
      key: 'works',
      userId: 'ann',
      waitSeconds: 30,
    });
    expect(await ended.json()).toMatchObject({ status: 'completed' });
    await stop(other);
    expect(await count(`instance WHERE workflow_key = 'works' AND status = 'active'`)).toBe(0);
  });

  it('in role runner finishes what came from the broker, and leaves what is due to others', async () => {
    const server = await begin('runner');
    const producer = new Kafka({ brokers: [broker.address], clientId: 'test', logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    closeAfterTests(() => producer.disconnect());
    const send = async (first: number): Promise<void> => {
      const messages = Array.from({ length: 300 }, (_, index) => ({
        key: 'ann',
        value: JSON.stringify({ kind: 'event', userId: 'ann', name: 'visit', id: `e${first + index}` }),
      }));
      await producer.send({ topic: 'crm', messages });
    };
    await send(0);
    const sleeping = Promise.all(Array.from({ length: 50 }, () => api.start('sleeps', 'ann')));
    await broker.delivered('"e299"');
    await send(300);
    await stop(server);
    await sleeping;
    const other = await begin('runner');
    await broker.committed('xflow', 'crm');
    expect(await count('user_event')).toBe(600);
    const slept = await post((await begin('api')).url, '/workflows/execute', {
      key: 'sleeps',
      userId: 'ann',
      waitSeconds: 30,
    });
    expect(await slept.json()).toMatchObject({ status: 'completed' });
    await stop(other);
    expect(await count('incident')).toBe(0);
  });
});
