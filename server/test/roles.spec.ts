import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '@xflow/engine';
import { createServer, type RunningServer } from '../src/main/create-server.js';
import type { ServerRole } from '../src/database/server-identity.js';
import { TaskHandler, type JobHandler } from '../src/task-handlers/task-handler.js';
import { diagram, end, process as processOf, sequence, start, task, wait } from './diagram.js';
import { closeAfterTests } from './open-resources.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { TestApi } from './test-server.js';

@TaskHandler('roles-work', { schema: { type: 'object' } })
class Work implements JobHandler {
  run(): Promise<Json> {
    return Promise.resolve(null);
  }
}

describe('server processes that share a database, each with a role', () => {
  let database: TestDatabase;
  let api: TestApi;

  const begin = async (role: ServerRole): Promise<RunningServer> => {
    const server = await createServer({ databaseUrl: database.url, port: 0, handlers: [Work], role });
    closeAfterTests(() => server.close());
    return server;
  };
  /** Ends with the instance: the api tells of ends that others commit. */
  const ended = async (id: string): Promise<string> => {
    for (;;) {
      const { status, waitingAt } = await api.status(id);
      if (status !== 'active') return `${status} ${waitingAt.join()}`;
      // Leaves the core to the servers of this very process.
      await sleep(5);
    }
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    api = new TestApi((await begin('api')).url);
    await api.deploy(
      diagram(processOf('journey', sequence(start, task('work', 'roles-work'), wait('w', 'PT0.1S'), end))),
    );
    await api.createUsers('ann');
  });

  it('leave jobs to the worker, and what falls due to the runner', async () => {
    const id = await api.start('journey', 'ann');
    expect((await api.status(id)).waitingAt).toEqual(['work']);
    const worker = await begin('worker');
    while ((await api.status(id)).waitingAt[0] !== 'w') await sleep(5);
    const runner = await begin('runner');
    expect(await ended(id)).toBe('completed ');
    for (const [server, role] of [
      [worker, 'worker'],
      [runner, 'runner'],
    ] as const) {
      const other = new TestApi(server.url);
      expect(await other.request('GET', '/health')).toMatchObject({ status: 200 });
      expect((await other.refused('GET', '/workflows')).detail).toContain(`has the role "${role}"`);
    }
    // And a second time, with everyone at rest.
    expect(await ended(await api.start('journey', 'ann'))).toBe('completed ');
  });
});
