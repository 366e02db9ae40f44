import { once } from 'node:events';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { createServer } from '../src/main/create-server.js';
import { diagram, end, message, process, receive, sequence, stage, start, wait } from './diagram.js';
import { startTestServer, TestApi, type TestServer } from './test-server.js';

describe('a server whose surroundings fail', () => {
  let server: TestServer;
  let api: TestApi;
  beforeAll(async () => {
    server = await startTestServer();
    api = server.api;
    await api.deploy(
      diagram(
        message('go', 'go'),
        process('journey', sequence(start, wait('hour', 'PT1H'), receive('go-on', 'go'), end)),
      ),
    );
    await api.createUsers('ann', 'bob', 'cid');
  });

  /** A request that finds a broken connection is told to come again; by then the connections are new. */
  async function dropConnections(): Promise<void> {
    await server.database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND starts_with(application_name, 'xflow:')`,
    );
    while ((await api.request('POST', '/clock/advance', { by: 'PT0S' })).status !== 200);
  }

  it('goes on when the database has dropped all of its connections', async () => {
    const id = await api.start('journey', 'ann');
    await dropConnections();
    await api.advance('PT1H');
    expect((await api.status(id)).waitingAt).toEqual(['go-on']);
    await dropConnections();
    expect(await api.publish('go', 'ann')).toMatchObject({ outcome: 'correlated' });
    await api.rest();
    expect((await api.status(id)).status).toBe('completed');
  });

  it('tells readers to come again when they meet a broken connection', async () => {
    const read = (): Promise<{ status: number }[]> =>
      Promise.all(['/users/ann', '/workflows', '/segments', '/templates'].map((path) => api.request('GET', path)));
    await read();
    await server.database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND starts_with(application_name, 'xflow:')`,
    );
    const statuses = [...(await read()), ...(await read())].map(({ status }) => status);
    expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
    await dropConnections();
    expect((await read()).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it('loses and repeats nothing when the connections break in the middle of batches', async () => {
    const users = Array.from({ length: 600 }, (_, index) => ({ userId: ['ann', 'bob', 'cid'][index % 3] }));
    const { instances } = await api.ok<{ instances: { id: string }[] }>('POST', '/workflows/journey/start', { users });
    await dropConnections();
    const moved = api.request('POST', '/clock/advance', { by: 'PT1H' });
    await dropConnections();
    await moved;
    await api.advance('PT1H');
    const { rows } = await server.database.pool.query(
      `SELECT i.revision, i.waiting_at, (SELECT sum(json_array_length(steps))::int FROM history h WHERE h.instance_id = i.id) AS steps,
         count(*)::int AS n FROM instance i WHERE id = ANY($1::uuid[]) GROUP BY 1, 2, 3`,
      [instances.map(({ id }) => id)],
    );
    expect(rows).toEqual([{ revision: '2', waiting_at: ['go-on'], steps: 2, n: 600 }]);
  });

  it('keeps the neighbours of an instance that the database refuses', async () => {
    // PostgreSQL has no text with the character U+0000, which a script can make.
    const script =
      '<bpmn:scriptTask id="make" scriptFormat="javascript"><bpmn:script>return { key: name === "bad" ? "a\\u0000b" : name }</bpmn:script></bpmn:scriptTask>';
    const catching =
      '<bpmn:intermediateCatchEvent id="catch"><bpmn:extensionElements><xflow:correlation key="=key"/></bpmn:extensionElements>' +
      '<bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateCatchEvent>';
    await api.deploy(
      diagram(
        message('m', 'm'),
        process('keyed', sequence(start, wait('minute', 'PT1M'), stage('s', 'Revenue'), script, catching, end)),
      ),
    );
    const { instances } = await api.ok<{ instances: { id: string }[] }>('POST', '/workflows/keyed/start', {
      users: [
        { userId: 'ann', variables: { name: 'good' } },
        { userId: 'bob', variables: { name: 'bad' } },
        { userId: 'cid', variables: { name: 'fine' } },
      ],
    });
    await api.advance('PT1M');
    const statuses = await Promise.all(instances.map(({ id }) => api.status(id)));
    expect(statuses.map(({ waitingAt }) => waitingAt)).toEqual([['catch'], ['minute'], ['catch']]);
    expect(statuses.map(({ incidents }) => incidents.map(({ type }) => type))).toEqual([[], ['step-failed'], []]);
    const { rows } = await server.database.pool.query<{ subject_id: string }>(
      `SELECT subject_id FROM user_change WHERE to_value = 'Revenue' ORDER BY subject_id`,
    );
    expect(rows.map((row) => row.subject_id)).toEqual(['ann', 'cid']);
  });

  it('takes the next free port where its own is taken', async () => {
    const taken = createTcpServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const second = await createServer({ databaseUrl: server.database.url, port });
    expect(Number(new URL(second.url).port)).toBeGreaterThan(port);
    expect(await new TestApi(second.url).request('GET', '/health')).toMatchObject({ status: 200 });
    await second.close();
    taken.close();
  });

  it('answers what it has accepted before it stops, and nothing after', async () => {
    const stopping = await createServer({ databaseUrl: server.database.url, port: 0 });
    const stoppingApi = new TestApi(stopping.url);
    const starts = Array.from({ length: 20 }, () =>
      stoppingApi.request('POST', '/workflows/journey/start', { userId: 'ann' }),
    );
    await starts[0];
    await stopping.close();
    for (const settled of await Promise.allSettled(starts))
      if (settled.status === 'fulfilled') expect([201, 503]).toContain(settled.value.status);
    await expect(stoppingApi.request('GET', '/health')).rejects.toThrow();
  });
});
