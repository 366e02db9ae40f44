import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchOperation, InstancePage, PublishResponse } from '@xflow/schemas';
import { diagram, end, message, process, receive, sequence, start } from './diagram.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { startTestServer, type TestApi } from './test-server.js';

const users = Array.from({ length: 60 }, (_, index) => `user-${index}`);

describe('versions that change while another server starts instances', () => {
  let database: TestDatabase;
  let one: TestApi;
  let two: TestApi;
  beforeAll(async () => {
    database = await createTestDatabase();
    one = (await startTestServer({ database, testClock: false })).api;
    two = (await startTestServer({ database, testClock: false })).api;
    await Promise.all(users.map((id) => one.ok('PUT', `/users/${id}`, {})));
  });

  const version = (key: string, ...more: readonly string[]): string =>
    diagram(message('m', 'never'), process(key, sequence(start, receive('wait', 'm'), ...more, end)));
  const deployTwo = async (key: string): Promise<void> => {
    await one.deploy(version(key));
    await one.ok('POST', '/workflows?state=draft', version(key, '<bpmn:task id="more"/>'));
  };
  /** A start that has chosen its version, and cannot write its instance until it is let go. */
  const startingOn = async (key: string): Promise<{ letGo(): Promise<string> }> => {
    const client = await database.pool.connect();
    await client.query('BEGIN; LOCK TABLE instance IN SHARE MODE');
    const id = one.start(key, users[0]!);
    const waits = `SELECT FROM pg_locks WHERE NOT granted AND relation = 'instance'::regclass
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    while ((await database.pool.query(waits)).rows.length === 0) await sleep(5);
    return {
      letGo: async () => {
        await client.query('COMMIT');
        client.release();
        return await id;
      },
    };
  };
  const done = async ({ operationId }: PublishResponse): Promise<void> => {
    while ((await one.ok<BatchOperation>('GET', `/batch-operations/${operationId}`)).status !== 'done') await sleep(10);
  };
  const standing = async (key: string): Promise<readonly string[]> => {
    const { items } = await one.ok<InstancePage>('GET', `/instances?workflow=${key}&limit=1000`);
    return [...new Set(items.map((item) => `${item.status} ${item.version}`))].sort();
  };

  it('refuse to be undeployed for an instance that is just being started', async () => {
    await one.deploy(version('gone'));
    const starting = await startingOn('gone');
    const undeployed = two.refused('DELETE', '/workflows/gone/versions/1');
    const id = await starting.letGo();
    expect(await undeployed).toMatchObject({
      status: 409,
      detail: expect.stringMatching(/^1 instance runs/) as string,
    });
    await one.ok('POST', `/workflows/${id}/cancel`);
    expect(await two.ok('DELETE', '/workflows/gone/versions/1')).toMatchObject({ state: 'archived' });
    expect(await one.refused('POST', '/workflows/gone/start', { userId: users[0] })).toMatchObject({ status: 409 });
  });

  it('take an instance along that is just being started', async () => {
    await deployTwo('along');
    const starting = await startingOn('along');
    const published = two.ok<PublishResponse>('POST', '/workflows/along/versions/2/publish', { running: 'migrate' });
    await starting.letGo();
    await done(await published);
    expect(await standing('along')).toEqual(['active 2']);
  });

  it.each([
    ['migrate', ['active 2']],
    ['cancel', ['active 2', 'cancelled 1']],
    ['stay', ['active 1', 'active 2']],
  ])('are published under load, and what runs on others does as was said: %s', async (running, expected) => {
    const key = `load-${running}`;
    await deployTwo(key);
    let published: PublishResponse | undefined;
    const after: string[] = [];
    await Promise.all(
      users.map(async (user, index) => {
        const api = index % 2 === 0 ? one : two;
        if (index === 30)
          published = await two.ok<PublishResponse>('POST', `/workflows/${key}/versions/2/publish`, { running });
        const isAfter = published !== undefined;
        const id = await api.start(key, user);
        if (isAfter) after.push(id);
      }),
    );
    for (const user of users.slice(0, 10)) after.push(await one.start(key, user));
    if (running !== 'stay') await done(published!);
    expect(await standing(key)).toEqual(expected);
    for (const id of after) expect(await one.status(id)).toMatchObject({ version: 2, status: 'active' });
  });

  it('give way to who reads them for long, and say so in the end', async () => {
    await one.deploy(version('read'));
    const client = await database.pool.connect();
    await client.query('BEGIN; SELECT FROM definition');
    const [refused] = await Promise.all([
      two.refused('DELETE', '/workflows/read/versions/1'),
      one.start('along', users[0]!),
    ]);
    await client.query('ROLLBACK');
    client.release();
    expect(refused).toMatchObject({ status: 503, detail: expect.stringContaining('a backup') as string });
    await two.ok('DELETE', '/workflows/read/versions/1');
  });
});
