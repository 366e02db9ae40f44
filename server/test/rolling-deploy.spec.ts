import { jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { ChildServer } from './child-server.js';
import { diagram, end, message, process, receive, sequence, start, wait } from './diagram.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { startTestServer, type TestApi, type TestServer } from './test-server.js';

/** A server is started as a process, within each test. */
const patience = 150_000;
const users = Array.from({ length: 60 }, (_, index) => `user-${index}`);

describe('a deploy during which this version and a next one share a database', () => {
  let database: TestDatabase;
  let old: TestServer[];
  let next: ChildServer;
  beforeAll(async () => {
    database = await createTestDatabase();
    old = [
      await startTestServer({ database, testClock: false }),
      await startTestServer({ database, testClock: false }),
    ];
    const { api } = old[0]!;
    await api.deploy(
      diagram(
        message('go', 'go'),
        process('journey', sequence(start, receive('one', 'go'), wait('w', 'PT0.2S'), receive('two', 'go'), end)),
      ),
    );
    await api.deploy(diagram(process('slow', sequence(start, wait('w', 'PT2S'), end))));
    await Promise.all(users.map((id) => api.ok('PUT', `/users/${id}`, {})));
  });

  it(
    'loses and repeats nothing, and raises no incident, while servers are replaced under load',
    async () => {
      const servers: TestApi[] = old.map(({ api }) => api);
      /** As a load balancer and its clients do: what is refused for now, or not answered, is sent again, to any server. */
      const request = async <Body>(path: string, body: object, key: string): Promise<Body> => {
        for (;;) {
          const server = servers[Math.floor(Math.random() * servers.length)]!;
          const answer = await server
            .request<Body>('POST', path, body, { 'idempotency-key': key })
            .catch(() => ({ status: 503, body: null }));
          if (answer.status < 300) return answer.body as Body;
          if (answer.status !== 503 && answer.status !== 429)
            throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
          await sleep(10);
        }
      };
      let under = 0;
      const waiting: { readonly at: number; readonly go: () => void }[] = [];
      const reached = (at: number): Promise<void> => new Promise((go) => waiting.push({ at, go }));
      const ran = async (user: string): Promise<void> => {
        await request('/workflows/journey/start', { userId: user }, `start ${user}`);
        for (const number of [1, 2])
          await request(
            '/messages',
            { name: 'go', correlationKey: user, messageId: `${user} ${number}` },
            `go ${user} ${number}`,
          );
        under += 1;
        for (const { go } of waiting.filter(({ at }) => at === under)) go();
      };
      const load = async (of: readonly string[]): Promise<void> => {
        for (const user of of) await ran(user);
      };
      const [started, ...passed] = [reached(10), reached(25), reached(40)];
      const running = Promise.all([0, 1, 2, 3].map((part) => load(users.filter((_user, index) => index % 4 === part))));
      await started;
      next = await ChildServer.start(database.url, 'next');
      servers.push(next.api);
      for (const [index, server] of old.entries()) {
        await passed[index];
        servers.shift();
        await server.stop();
      }
      await running;
      for (const id of users) {
        const { items } = await next.api.ok<{ items: { id: string }[] }>('GET', `/instances?userId=${id}`);
        for (const { id: instance } of items) await ended(next.api, instance);
      }
      const { rows } = await database.pool.query(
        `SELECT (SELECT count(*)::int FROM instance WHERE status = 'completed') AS completed, (SELECT count(*)::int FROM instance) AS instances,
         (SELECT count(*)::int FROM incident) AS incidents, (SELECT count(*)::int FROM command) AS commands,
         (SELECT count(*)::int FROM subscription) AS subscriptions,
         (SELECT count(*)::int FROM instance i WHERE revision <> (
            SELECT sum(json_array_length(steps)) FROM history h WHERE h.subject_id = i.subject_id AND h.instance_id = i.id)) AS gaps`,
      );
      expect(rows).toEqual([
        { completed: users.length, instances: users.length, incidents: 0, commands: 0, subscriptions: 0, gaps: 0 },
      ]);
    },
    patience,
  );

  it(
    'leaves what it cannot read to the next version, says so, and waits without asking',
    async () => {
      await next.api.deploy(
        diagram(message('m', 'begin'), process('new', `${messageStart}${sequence(nextTask, end)}`)),
      );
      await next.api.deploy(
        diagram(process('ticks', sequence(startBy('<bpmn:timerEventDefinition><bpmn:timeCycle', 'R/PT1S'), end))),
      );
      await next.api.deploy(
        diagram(
          process(
            'rises',
            sequence(startBy('<bpmn:conditionalEventDefinition><bpmn:condition', '=user.attributes.x = 1'), end),
          ),
        ),
      );
      const slow = await next.api.start('slow', 'user-0');
      const waiting = await next.api.start('journey', 'user-1');
      await next.kill();
      const server = await startTestServer({ database, testClock: false });
      const { api } = server;
      // A start by an event, and messages to an instance, are taken; those who can read them go on with them.
      const { instanceIds } = await api.publish('begin', 'user-2');
      await api.publish('go', 'user-1');
      await api.ok('PUT', '/users/user-4', { attributes: { x: 1 } });
      const begun = async (key: string): Promise<number> =>
        (await api.ok<{ items: unknown[] }>('GET', `/instances?workflow=${key}`)).items.length;
      const ticks = await begun('ticks');
      for (const [method, path, body] of [
        ['GET', `/workflows/${slow}/status`],
        ['POST', `/instances/${slow}/suspend`],
        ['POST', '/workflows/new/start', { userId: 'user-3' }],
        ['PATCH', `/instances/${slow}/variables`, { variables: { a: 1 } }],
      ] as const)
        expect(await api.refused(method, path, body)).toMatchObject({
          status: 503,
          detail: expect.stringContaining('newer version') as string,
        });
      // The instances and the start event are due by now, or will be while we listen.
      await database.pool.query('SELECT pg_sleep(2)');
      const asked: unknown[] = [];
      const query = jest.spyOn(Client.prototype, 'query').mockImplementation(function (
        this: Client,
        ...args: unknown[]
      ) {
        asked.push(args[0]);
        return (original as (...all: unknown[]) => unknown).apply(this, args) as never;
      });
      await sleep(700);
      query.mockRestore();
      expect(asked).toEqual([]);
      expect([await begun('ticks'), await begun('rises')]).toEqual([ticks, 0]);
      expect(await api.request('GET', '/health')).toMatchObject({ status: 200, body: { schema: 9999, format: 1 } });
      next = await ChildServer.start(database.url, 'next');
      await ended(next.api, slow);
      await next.api.publish('go', 'user-1');
      for (const id of [waiting, ...instanceIds]) await ended(next.api, id);
      while ((await begun('ticks')) === ticks || (await begun('rises')) === 0) await sleep(10);
      expect((await next.api.ok<{ items: unknown[] }>('GET', '/incidents')).items).toEqual([]);
      // What no version says.
      for (const said of ['no JSON', '7', '{}', '{"from":"x","due":"soon","workflows":{}}'])
        await database.pool.query(`SELECT pg_notify('xflow_runner', $1)`, [said]);
      expect((await api.request('GET', '/health')).status).toBe(200);
    },
    patience,
  );
});

const original = Client.prototype.query;
const messageStart =
  '<bpmn:startEvent id="begun"><bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent><bpmn:sequenceFlow id="b" sourceRef="begun" targetRef="new-kind"/>';
const startBy = (definition: string, expression: string): string => {
  const [, event, part] = /^<(\S+?)><(\S+)$/.exec(definition)!;
  return `<bpmn:startEvent id="by"><${event}><${part} xsi:type="bpmn:tFormalExpression">${expression}</${part}></${event}></bpmn:startEvent>`;
};
const nextTask = '<bpmn:nextTask id="new-kind"/>';

async function ended(api: TestApi, id: string): Promise<void> {
  while ((await api.status(id)).status === 'active') await sleep(10);
}
