import { diagram, end, process, receive, message, sequence, start, wait } from './diagram.js';
import { startTestServer, type TestServer } from './test-server.js';

describe('the bounds of the server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    await server.api.createUsers('ann', 'bob');
  });

  it('end calls of a workflow that calls itself at a depth of 50, with an incident', async () => {
    const { api, database } = server;
    const call = (called: string): string => `<bpmn:callActivity id="call" calledElement="${called}"/>`;
    await api.deploy(diagram(process('endless', sequence(start, call('endless'), end))));
    await api.start('endless', 'ann');
    await api.rest();
    const { rows } = await database.pool.query(
      `SELECT count(*)::int AS instances, max(call_depth) AS deepest, sum(open_incidents)::int AS incidents FROM instance
       WHERE workflow_key = 'endless'`,
    );
    expect(rows).toEqual([{ instances: 51, deepest: 50, incidents: 1 }]);
    const { items } = await api.ok<{ items: object[] }>('GET', '/incidents?workflow=endless');
    expect(items).toMatchObject([{ type: 'call-failed', reason: expect.stringContaining('deeper than 50') }]);
  });

  it('refuse a start and a message that would make an instance too large', async () => {
    const { api } = server;
    await api.deploy(
      diagram(
        message('more', 'more'),
        process('grows', sequence(start, receive('catch', 'more'), wait('hour', 'PT1H'), end)),
      ),
    );
    const variables = { large: 'x'.repeat(1_000_000) };
    expect(await api.refused('POST', '/workflows/grows/start', { userId: 'ann', variables })).toMatchObject({
      status: 422,
      errors: [{ message: expect.stringContaining('more than 1000000 characters') }],
    });

    expect(
      await api.refused('POST', '/messages', {
        name: 'more',
        correlationKey: 'ann',
        variables: { large: 'x'.repeat(250_000) },
      }),
    ).toMatchObject({ status: 422, errors: [{ message: expect.stringContaining('at most 250000') }] });

    const large = { large: 'x'.repeat(900_000) };
    const [grows, neighbour] = [await api.start('grows', 'ann', large), await api.start('grows', 'bob')];
    await Promise.all([
      api.publish('more', 'ann', { variables: { more: 'x'.repeat(200_000) } }),
      api.publish('more', 'bob'),
    ]);
    await api.rest();
    expect((await api.status(neighbour)).waitingAt).toEqual(['hour']);
    expect(await api.status(grows)).toMatchObject({
      waitingAt: ['catch'],
      variables: large,
      incidents: [{ type: 'step-failed', remedy: expect.stringContaining('Keep large data outside') }],
    });
    expect(await api.ok('POST', `/workflows/${grows}/cancel`)).toMatchObject({ status: 'cancelled' });
  });

  it('refuse a frequency cap that looks back further than messages are remembered', async () => {
    const capped = (window: string): string =>
      diagram(
        process(
          'capped',
          `<bpmn:extensionElements><xflow:frequencyCap max="1" window="${window}"/></bpmn:extensionElements>` +
            sequence(start, end),
        ),
      );
    expect(await server.api.refused('POST', '/workflows', capped('P400D'))).toMatchObject({
      status: 422,
      errors: [{ rule: 'frequency-cap', elementId: 'capped' }],
    });
    await server.api.deploy(capped('P366D'));
  });

  it('forget what is too old to matter, at most a batch after the other', async () => {
    const { api, database } = server;
    const counts = async (): Promise<unknown> =>
      (
        await database.pool.query(
          `SELECT (SELECT count(*)::int FROM idempotency_key) AS keys, (SELECT count(*)::int FROM reach) AS reach`,
        )
      ).rows[0];
    await api.deploy(diagram(process('short', sequence(start, end))));
    await database.pool.query(
      `INSERT INTO idempotency_key (key, fingerprint, response, created_at)
       SELECT 'key-' || n, 'f', '{}', '2026-01-05T09:00:00Z' FROM generate_series(1, 12000) n`,
    );
    await database.pool.query(
      `INSERT INTO reach (subject_id, at, channel, instance_id, element_id)
       SELECT 'ann', '2026-01-05T09:00:00Z'::timestamptz - n * interval '366 days', 'email', gen_random_uuid(), 'mail'
       FROM generate_series(0, 2) n`,
    );
    await api.advance('PT23H');
    await api.start('short', 'ann');
    await api.rest();
    expect(await counts()).toEqual({ keys: 12_000, reach: 1 });
    await api.advance('PT2H');
    await api.start('short', 'ann');
    await api.rest();
    expect(await counts()).toEqual({ keys: 0, reach: 1 });
  });
});
