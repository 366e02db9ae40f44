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

  it('end steps that never come to rest, with an incident, and leave the others alone', async () => {
    const { api } = server;
    const back = '<bpmn:sequenceFlow id="back" sourceRef="again" targetRef="gate"/>';
    const gate = '<bpmn:exclusiveGateway id="gate"/>';
    await api.deploy(diagram(process('restless', sequence(start, gate, '<bpmn:task id="again"/>') + back)));
    await api.deploy(diagram(process('quiet', sequence(start, end))));
    const [restless, quiet] = await Promise.all([api.start('restless', 'ann'), api.start('quiet', 'bob')]);
    expect((await api.status(quiet)).status).toBe('completed');
    expect(await api.status(restless)).toMatchObject({ status: 'active', incidents: [{ type: 'bound-reached' }] });
    expect(await api.ok('POST', `/workflows/${restless}/cancel`)).toMatchObject({ status: 'cancelled' });
  });

  it('refuse a timer that starts instances without a pause', async () => {
    const every = (cycle: string): string =>
      diagram(
        process(
          'often',
          sequence(
            `<bpmn:startEvent id="start"><bpmn:timerEventDefinition><bpmn:timeCycle xsi:type="bpmn:tFormalExpression">${cycle}</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent>`,
            end,
          ),
        ),
      );
    expect(await server.api.refused('POST', '/workflows', every('R/PT0.01S'))).toMatchObject({
      status: 422,
      errors: [{ elementId: 'start', message: expect.stringContaining('every 10 ms') }],
    });
    await server.api.deploy(every('R2/PT1S'));
  });

  it.each([
    ['more users than one request starts', { users: Array.from({ length: 10_001 }, () => ({ userId: 'ann' })) }, 400],
    ['a number beyond all numbers', '{"userId":"ann","variables":{"a":1e400}}', 400],
    ['a body of more than 8 MB', { userId: 'ann', variables: { a: 'x'.repeat(9_000_000) } }, 413],
    [
      'a name of a variable that is too long for the state',
      { userId: 'ann', variables: { ['k'.repeat(1_000_000)]: 1 } },
      422,
    ],
    [
      'very many variables',
      { userId: 'ann', variables: Object.fromEntries(Array.from({ length: 200_000 }, (_, n) => [`v${n}`, n])) },
      422,
    ],
  ])('refuse a start with %s', async (_what, body, status) => {
    const answer = await fetch(`${server.url}/api/workflows/grows/start`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('refuse headers of more than 16 KB', async () => {
    const headers = { 'idempotency-key': 'k'.repeat(20_000) };
    expect((await fetch(`${server.url}/api/workflows`, { headers })).status).toBe(431);
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
