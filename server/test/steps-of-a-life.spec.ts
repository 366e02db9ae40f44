import type { InstanceStatus } from '@xflow/schemas';
import { ChildServer } from './child-server.js';
import {
  diagram,
  end,
  message,
  process as processOf,
  receive,
  sequence,
  start,
  throwMessage,
  wait,
} from './diagram.js';
import { startTestServer, type TestApi, type TestServer } from './test-server.js';

const bound = 100;

/** A process that comes back to its gateway for ever, past what stands in the loop. */
const endless = (id: string, ...loop: readonly string[]): string => {
  const elements = [start, '<bpmn:exclusiveGateway id="gate"/>', ...loop];
  const last = /id="([^"]+)"/.exec(elements.at(-1)!)![1]!;
  return processOf(id, sequence(...elements) + `<bpmn:sequenceFlow id="back" sourceRef="${last}" targetRef="gate"/>`);
};

const retry = async (api: TestApi, instance: InstanceStatus): Promise<InstanceStatus> => {
  const [incident] = instance.incidents;
  await api.ok('POST', `/instances/${instance.id}/incidents/${encodeURIComponent(incident!.id)}/resolve`, {
    action: 'retry',
  });
  await api.rest();
  return await api.status(instance.id);
};

describe('the steps of an instance in its whole life', () => {
  let server: TestServer;
  let api: TestApi;
  beforeAll(async () => {
    process.env['XFLOW_BOUNDS'] = `steps=${bound}`;
    server = await startTestServer();
    api = server.api;
    await api.createUsers('ann', 'bob');
    await api.deploy(diagram(endless('ticks', wait('tick', 'PT0S'))));
    await api.deploy(diagram(processOf('quiet', sequence(start, wait('soon', 'PT0S'), end))));
  });
  afterAll(() => {
    delete process.env['XFLOW_BOUNDS'];
  });

  it('are bounded, so that a loop through a timer of no time rests with an incident, beside others that go on', async () => {
    const id = await api.start('ticks', 'ann');
    await api.rest();
    const ticks = await api.status(id);
    expect(ticks).toMatchObject({ status: 'active', revision: bound, waitingAt: ['tick'] });
    expect(ticks.incidents).toMatchObject([
      {
        type: 'step-failed',
        reason: expect.stringMatching(/^The instance has taken all of the 100 steps .* and stands at "tick"\.$/),
        remedy: expect.stringMatching(/Cancel the instance; .*XFLOW_BOUNDS.*migrate.*retry/),
      },
    ]);

    const quiet = await api.start('quiet', 'bob');
    await api.rest();
    expect(await api.status(quiet)).toMatchObject({ status: 'completed' });

    expect(await api.history(id)).toHaveLength(bound);
    const change = { variables: { a: 1 } };
    expect(await api.refused('PATCH', `/instances/${id}/variables`, change)).toMatchObject({
      status: 422,
      errors: [{ message: expect.stringContaining('all of the 100 steps') }],
    });
    expect(await api.ok('POST', `/workflows/${id}/cancel`)).toMatchObject({ status: 'cancelled', incidents: [] });
    expect(await api.ok('GET', '/incidents?workflow=ticks')).toMatchObject({ items: [] });
  });

  it('are bounded for instances that message each other for ever, and more messages are no more incidents', async () => {
    const [ping, pong] = [message('ping', 'ping'), message('pong', 'pong')];
    await api.deploy(diagram(ping, pong, endless('pings', throwMessage('throw', 'ping'), receive('catch', 'pong'))));
    await api.deploy(diagram(ping, pong, endless('pongs', receive('catch', 'ping'), throwMessage('throw', 'pong'))));
    const ponging = await api.start('pongs', 'ann');
    const pinging = await api.start('pings', 'ann');
    await api.rest();
    for (let more = 0; more < 3; more++) {
      await api.publish('ping', 'ann');
      await api.publish('pong', 'ann');
    }
    await api.rest();
    for (const id of [ponging, pinging])
      expect(await api.status(id)).toMatchObject({ revision: bound, waitingAt: ['catch'], incidents: [{}] });
    // What waits for its retry goes with an instance that is cancelled.
    for (const id of [ponging, pinging]) await api.ok('POST', `/workflows/${id}/cancel`);
    await api.rest();
    const { rows } = await server.database.pool.query('SELECT FROM command');
    expect(rows).toHaveLength(0);
  });

  it('go on where the bound was raised and the incident is retried', async () => {
    const ids = [await api.start('ticks', 'ann'), await api.start('ticks', 'bob')] as const;
    await api.rest();
    const bounded = await api.status(ids[0]);
    const again = await retry(api, bounded);
    expect(again).toMatchObject({ revision: bound, incidents: [{ type: 'step-failed' }] });
    expect(again.incidents[0]!.id).not.toBe(bounded.incidents[0]!.id);

    await server.stop();
    process.env['XFLOW_BOUNDS'] = `steps=${bound + 50}`;
    const raised = await ChildServer.start(server.database.url);
    await raised.api.rest();
    expect(await retry(raised.api, again)).toMatchObject({
      revision: bound + 50,
      incidents: [{ type: 'step-failed' }],
    });

    await raised.api.deploy(diagram(processOf('ticks', sequence(start, wait('tick', 'PT0S'), end))));
    await raised.api.ok('POST', `/instances/${ids[1]}/migrate`, { version: 2 });
    expect(await retry(raised.api, await raised.api.status(ids[1]))).toMatchObject({
      status: 'completed',
      revision: bound + 2,
      incidents: [],
    });
    await raised.kill();
  });
});
