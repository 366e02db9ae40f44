import { diagram, end, message, process, receive, sequence, stage, start, wait } from './diagram.js';
import { startTestServer, type TestServer } from './test-server.js';

const journey = diagram(
  message('paid', 'invoice-paid'),
  process(
    'journey',
    sequence(
      start,
      stage('welcome', 'Activation'),
      wait('three-days', 'P3D'),
      receive('payment', 'paid'),
      stage('loyal', 'Retention'),
      end,
    ),
  ),
);

describe('a journey', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    await server.api.deploy(journey);
    await server.api.createUsers('ann', 'bob');
  });

  it('runs from start to end: moves the user, waits three days, takes a message', async () => {
    const { api } = server;
    const id = await api.start('journey', 'ann', { campaign: 'spring' });
    expect(await api.status(id)).toMatchObject({
      status: 'active',
      waitingAt: ['three-days'],
      variables: { campaign: 'spring' },
      tokens: [{ waitingFor: [{ kind: 'timer', detail: '2026-01-08T09:00:00.000Z' }] }],
    });
    await api.advance('P2DT23H59M59.999S');
    expect((await api.status(id)).waitingAt).toEqual(['three-days']);
    await api.advance('PT0.001S');
    expect((await api.status(id)).waitingAt).toEqual(['payment']);

    expect(await api.publish('invoice-paid', 'ann', { variables: { amount: 7 } })).toMatchObject({
      outcome: 'correlated',
      instanceIds: [id],
    });
    await api.rest();
    expect(await api.status(id)).toMatchObject({
      status: 'completed',
      endedAt: '2026-01-08T09:00:00.000Z',
      waitingAt: [],
      variables: { campaign: 'spring', amount: 7 },
    });
    expect(await api.ok('GET', '/users/ann')).toMatchObject({ stage: 'Retention' });
    const { rows } = await server.database.pool.query(
      `SELECT kind, from_value, to_value, element_id, instance_id FROM user_change WHERE subject_id = 'ann' AND kind = 'stage' ORDER BY id`,
    );
    expect(rows).toEqual([
      { kind: 'stage', from_value: null, to_value: 'Activation', element_id: 'welcome', instance_id: id },
      { kind: 'stage', from_value: 'Activation', to_value: 'Retention', element_id: 'loyal', instance_id: id },
    ]);
  });

  it('tells its history, contiguous and in pages', async () => {
    const { api } = server;
    const id = await api.start('journey', 'bob');
    await api.advance('P3D');
    await api.publish('invoice-paid', 'bob');
    await api.rest();
    const items = await api.history(id);
    expect(items.map((item) => item.input['kind'])).toEqual(['start', 'timer-due', 'message']);
    expect(items.map((item) => item.revision)).toEqual([1, 2, 3]);
    expect((await api.status(id)).revision).toBe(3);
    const first = await api.ok<{ items: unknown[]; nextCursor: string }>('GET', `/instances/${id}/history?limit=2`);
    const second = await api.ok<{ items: unknown[]; nextCursor: null }>(
      'GET',
      `/instances/${id}/history?limit=2&cursor=${first.nextCursor}`,
    );
    expect([...first.items, ...second.items]).toEqual(items);
    expect(second.nextCursor).toBeNull();
  });

  it('leaves nothing behind that waits', async () => {
    const { rows } = await server.database.pool.query(
      `SELECT (SELECT count(*) FROM command)::int AS commands, (SELECT count(*) FROM subscription)::int AS subscriptions,
         (SELECT count(*) FROM task)::int AS tasks, (SELECT count(*) FROM message WHERE buffered)::int AS messages`,
    );
    expect(rows).toEqual([{ commands: 0, subscriptions: 0, tasks: 0, messages: 0 }]);
  });
});
