import { setTimeout as sleep } from 'node:timers/promises';
import { diagram, end, message, process, receive, sequence, stage, start } from './diagram.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { startTestServer, type TestServer } from './test-server.js';

const users = Array.from({ length: 150 }, (_, index) => `user-${index}`);

describe('two servers on one database', () => {
  let database: TestDatabase;
  let servers: [TestServer, TestServer];
  beforeAll(async () => {
    database = await createTestDatabase();
    servers = [
      await startTestServer({ database, testClock: false }),
      await startTestServer({ database, testClock: false }),
    ];
    const [{ api }] = servers;
    await api.deploy(
      diagram(
        message('go', 'go'),
        process(
          'journey',
          sequence(
            start,
            stage('one', 'Activation'),
            receive('first', 'go'),
            stage('two', 'Retention'),
            receive('second', 'go'),
            end,
          ),
        ),
      ),
    );
    await Promise.all(users.map((id) => api.ok('PUT', `/users/${id}`, {})));
  });

  it('lose no message that is published while its subscription opens, and repeat nothing', async () => {
    const [one, two] = servers;
    // The start, and the message for the subscription that it opens, race each other through different servers.
    const instances = await Promise.all(
      users.map(async (user, index) => {
        const [here, there] = index % 2 === 0 ? [one, two] : [two, one];
        const published = there.api.publish('go', user, { variables: { a: index } });
        const started = here.api.start('journey', user);
        await there.api.publish('go', user, { variables: { b: index } });
        await published;
        return await started;
      }),
    );
    const ended = await Promise.all(instances.map((id, index) => waitForEnd(servers[index % 2]!, id)));
    expect(ended.filter((status) => status !== 'completed')).toEqual([]);
    const { rows } = await database.pool.query(
      `SELECT count(*)::int AS changes, (SELECT count(*)::int FROM instance WHERE revision = 3) AS instances,
         (SELECT count(*)::int FROM message WHERE buffered) AS buffered, (SELECT count(*)::int FROM command) AS commands,
         (SELECT count(*)::int FROM subscription) AS subscriptions
       FROM user_change WHERE instance_id IS NOT NULL`,
    );
    expect(rows).toEqual([
      { changes: 2 * users.length, instances: users.length, buffered: 0, commands: 0, subscriptions: 0 },
    ]);
  });

  it('tell each other of ends that requests wait for', async () => {
    const [one, two] = servers;
    const waiting = one.api.ok<{ status: string; id: string }>('POST', '/workflows/execute', {
      key: 'journey',
      userId: users[0],
      waitSeconds: 20,
    });
    await two.api.publish('go', users[0]!);
    await two.api.publish('go', users[0]!);
    expect((await waiting).status).toBe('completed');
  });
});

/** Both servers run on the database's clock, so there is no rest to ask for: the request waits for the end itself. */
async function waitForEnd(server: TestServer, id: string): Promise<string> {
  for (;;) {
    const { status } = await server.api.status(id);
    if (status !== 'active') return status;
    // Leaves the cores to the servers that are to get there.
    await sleep(20);
  }
}
