import { diagram, end, message, process, receive, sequence, stage, start, wait } from './diagram.js';
import { startTestServer, type TestServer } from './test-server.js';

describe('the runner', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    await server.api.createUsers('ann', 'bob', 'cid');
  });

  it('takes an instance whose step fails out of its batch, and gives it another try when told to', async () => {
    const { api, database } = server;
    await api.deploy(diagram(process('fragile', sequence(start, wait('pause', 'PT1H'), end))));
    const [broken, sound] = [await api.start('fragile', 'ann'), await api.start('fragile', 'bob')];
    const { rows } = await database.pool.query<{ state: string }>('SELECT state::text FROM instance WHERE id = $1', [
      broken,
    ]);
    const state = rows[0]!.state;
    const corrupt = state.replaceAll('"elementId":"pause"', '"elementId":"ghost"');
    await database.pool.query('UPDATE instance SET state = $2 WHERE id = $1', [broken, corrupt]);

    await api.advance('PT1H');
    expect((await api.status(sound)).status).toBe('completed');
    expect(await api.status(broken)).toMatchObject({ status: 'active', openIncidents: 1 });
    const { items } = await api.ok<{ items: { id: string }[] }>('GET', '/incidents?workflow=fragile');
    expect(items).toMatchObject([
      { instanceId: broken, type: 'step-failed', reason: expect.stringContaining('ghost') },
    ]);

    await database.pool.query('UPDATE instance SET state = $2 WHERE id = $1', [broken, state]);
    const path = `/instances/${broken}/incidents/${encodeURIComponent(items[0]!.id)}/resolve`;
    await api.ok('POST', path, { action: 'retry' });
    await api.rest();
    expect(await api.status(broken)).toMatchObject({ status: 'completed', openIncidents: 0, incidents: [] });
    expect(await api.refused('POST', path, { action: 'retry' })).toMatchObject({ status: 409 });
  });

  it('keeps a message for who comes later, first in, first out', async () => {
    const { api } = server;
    await api.deploy(
      diagram(
        message('order', 'order-placed'),
        process('collect', sequence(start, receive('first', 'order'), receive('second', 'order'), end)),
      ),
    );
    for (const amount of [1, 2])
      expect(await api.publish('order-placed', 'ann', { variables: { [`amount${amount}`]: amount } })).toMatchObject({
        outcome: 'buffered',
      });
    const id = await api.start('collect', 'ann');
    await api.rest();
    expect(await api.status(id)).toMatchObject({ status: 'completed', variables: { amount1: 1, amount2: 2 } });
    expect((await api.history(id)).map(({ input }) => input['variables'])).toEqual([
      {},
      { amount1: 1 },
      { amount2: 2 },
    ]);
  });

  it('sends a message back into the line when its receiver waits no more', async () => {
    const { api, database } = server;
    const id = await api.start('collect', 'bob');
    const both = await Promise.all([
      api.publish('order-placed', 'bob', { variables: { a: 1 } }),
      api.publish('order-placed', 'bob', { variables: { b: 2 } }),
    ]);
    expect(both.map(({ outcome }) => outcome)).toEqual(['correlated', 'correlated']);
    await api.rest();
    expect(await api.status(id)).toMatchObject({ status: 'completed', variables: { a: 1, b: 2 } });
    const { rows } = await database.pool.query('SELECT id FROM message WHERE buffered');
    expect(rows).toEqual([]);
  });

  it('forgets a message when its time is over', async () => {
    const { api } = server;
    expect(await api.publish('order-placed', 'cid', { ttlSeconds: 0 })).toMatchObject({ outcome: 'dropped' });
    await api.publish('order-placed', 'cid', { ttlSeconds: 60 });
    await api.advance('PT1M');
    const id = await api.start('collect', 'cid');
    expect((await api.status(id)).waitingAt).toEqual(['first']);
    await api.ok('POST', `/workflows/${id}/cancel`);
  });

  it('takes a message with the same id once', async () => {
    const { api } = server;
    const id = await api.start('collect', 'cid');
    const once = { messageId: 'order-1', variables: { n: 1 } };
    expect(await api.publish('order-placed', 'cid', once)).toMatchObject({ outcome: 'correlated', instanceIds: [id] });
    expect(await api.publish('order-placed', 'cid', once)).toMatchObject({ outcome: 'duplicate', instanceIds: [id] });
    await api.rest();
    expect((await api.status(id)).waitingAt).toEqual(['second']);
    await api.ok('POST', `/workflows/${id}/cancel`);
  });

  it('starts a workflow by message for the user whom the message is about', async () => {
    const { api } = server;
    const messageStart =
      '<bpmn:startEvent id="start"><bpmn:messageEventDefinition messageRef="signed-up"/></bpmn:startEvent>';
    await api.deploy(
      diagram(message('signed-up', 'signed-up'), process('welcome', sequence(messageStart, wait('day', 'P1D'), end))),
    );
    const { outcome, instanceIds } = await api.publish('signed-up', 'ann', { variables: { source: 'web' } });
    expect(outcome).toBe('started');
    await api.rest();
    expect(await api.status(instanceIds[0]!)).toMatchObject({
      userId: 'ann',
      waitingAt: ['day'],
      variables: { source: 'web' },
    });
    expect(await api.publish('signed-up', 'nobody', { ttlSeconds: 0 })).toMatchObject({ outcome: 'dropped' });
  });

  it('starts a workflow by timer, without drift, for the newest version only', async () => {
    const { api } = server;
    const timerStart = (cycle: string): string =>
      `<bpmn:startEvent id="start"><bpmn:timerEventDefinition><bpmn:timeCycle>${cycle}</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent>`;
    await api.deploy(diagram(process('nightly', sequence(timerStart('R/PT6H'), end))));
    await api.deploy(diagram(process('nightly', sequence(timerStart('R3/P1D'), end))));
    await api.advance('P10D');
    const { items } = await api.ok<{ items: { startedAt: string; version: number; status: string }[] }>(
      'GET',
      '/instances?workflow=nightly',
    );
    expect(items.map(({ version, status }) => [version, status])).toEqual(Array(3).fill([2, 'completed']));
    const times = items.map(({ startedAt }) => Date.parse(startedAt)).reverse();
    expect([times[1]! - times[0]!, times[2]! - times[1]!]).toEqual([86_400_000, 86_400_000]);
  });

  it('starts once for all that an outage missed, or for every one where the diagram says so', async () => {
    const { api, database } = server;
    const daily = (extension: string): string =>
      `<bpmn:startEvent id="start">${extension}<bpmn:timerEventDefinition><bpmn:timeCycle>R/P1D</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent>`;
    const all = '<bpmn:extensionElements><xflow:cycle missed="all"/></bpmn:extensionElements>';
    await api.deploy(diagram(process('missed-once', sequence(daily(''), end))));
    await api.deploy(diagram(process('missed-all', sequence(daily(all), end))));
    const keys = ['missed-all', 'missed-once'];
    const dueAt = async (): Promise<number[]> => {
      const { rows } = await database.pool.query<{ due_at: Date }>(
        'SELECT due_at FROM start_timer WHERE workflow_key = ANY ($1) ORDER BY workflow_key',
        [keys],
      );
      return rows.map((row) => row.due_at.getTime());
    };
    const planned = await dueAt();
    // The server was away for ten and a half days.
    await database.pool.query(
      `UPDATE start_timer SET due_at = due_at - interval '11 days 12 hours' WHERE workflow_key = ANY ($1)`,
      [keys],
    );
    await api.deploy(diagram(process('wakes', sequence(start, end))));
    await api.rest();
    const counts = await Promise.all(
      keys.map(async (key) => (await api.ok<{ items: unknown[] }>('GET', `/instances?workflow=${key}`)).items.length),
    );
    expect(counts).toEqual([11, 1]);
    expect(await dueAt()).toEqual(planned.map((time) => time - 43_200_000));
    await database.pool.query('DELETE FROM start_timer WHERE workflow_key = ANY ($1)', [keys]);
  });

  it('keeps starting by the timer of an event that also waits for a signal', async () => {
    const { api } = server;
    const either =
      '<bpmn:startEvent id="start"><bpmn:signalEventDefinition signalRef="alarm"/>' +
      '<bpmn:timerEventDefinition><bpmn:timeCycle>R2/P1D</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent>';
    await api.deploy(diagram('<bpmn:signal id="alarm" name="alarm"/>', process('either', sequence(either, end))));
    await api.advance('P5D');
    const { items } = await api.ok<{ items: unknown[] }>('GET', '/instances?workflow=either');
    expect(items).toHaveLength(2);
  });

  it('refuses a start event with two timers', async () => {
    const timer = '<bpmn:timerEventDefinition><bpmn:timeCycle>R2/P1D</bpmn:timeCycle></bpmn:timerEventDefinition>';
    const twice = `<bpmn:startEvent id="start">${timer}${timer}</bpmn:startEvent>`;
    const problem = await server.api.refused('POST', '/workflows', diagram(process('twice', sequence(twice, end))));
    expect(problem).toMatchObject({ status: 422, errors: [{ elementId: 'start', rule: 'start-timer' }] });
  });

  it('runs a called workflow for the same user, and cancels it with its caller', async () => {
    const { api } = server;
    const call = '<bpmn:callActivity id="call" calledElement="child"/>';
    await api.deploy(
      diagram(process('child', sequence(start, stage('moved', 'Revenue'), wait('child-wait', 'PT1H'), end))),
    );
    await api.deploy(diagram(process('parent', sequence(start, call, end))));
    const [ends, cancelled] = [await api.start('parent', 'ann', { x: 1 }), await api.start('parent', 'bob')];
    await api.rest();
    const childOf = async (parent: string): Promise<string> =>
      (
        await server.database.pool.query<{ id: string }>('SELECT id FROM instance WHERE parent_instance_id = $1', [
          parent,
        ])
      ).rows[0]!.id;
    expect(await api.status(await childOf(ends))).toMatchObject({
      parentInstanceId: ends,
      userId: 'ann',
      waitingAt: ['child-wait'],
      variables: { x: 1 },
    });
    await api.ok('POST', `/workflows/${cancelled}/cancel`);
    await api.advance('PT1H');
    expect((await api.status(ends)).status).toBe('completed');
    expect((await api.status(await childOf(ends))).status).toBe('completed');
    expect((await api.status(await childOf(cancelled))).status).toBe('cancelled');
  });

  it('leaves no timer, subscription or task behind when an instance is cancelled', async () => {
    const { api, database } = server;
    const id = await api.start('collect', 'ann');
    expect(await api.ok('POST', `/workflows/${id}/cancel`)).toMatchObject({ status: 'cancelled', waitingAt: [] });
    const { rows } = await database.pool.query(
      `SELECT 1 FROM subscription WHERE instance_id = $1 UNION ALL SELECT 1 FROM command WHERE instance_id = $1
       UNION ALL SELECT 1 FROM task WHERE instance_id = $1`,
      [id],
    );
    expect(rows).toEqual([]);
  });
});
