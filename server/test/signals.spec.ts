import { randomUUID } from 'node:crypto';
import {
  catchSignal,
  diagram,
  end,
  endSignal,
  message,
  process,
  receive,
  sequence,
  signal,
  start,
  startSignal,
  throwMessage,
  throwSignal,
  wait,
} from './diagram.js';
import { continueBroadcast } from '../src/runner/sql/continue-broadcast.js';
import { insertSignals } from '../src/runner/sql/insert-signals.js';
import { inTransaction } from '../src/runner/transaction.js';
import { createTestDatabase } from './test-database.js';
import { startTestServer, type TestApi, type TestServer } from './test-server.js';
import type { BroadcastSignalResponse } from '@xflow/schemas';

/** Each process in a file of its own, with the declaration of what is thrown and caught. */
async function deployEach(api: TestApi, declaration: string, ...processes: readonly string[]): Promise<void> {
  for (const one of processes) await api.deploy(diagram(declaration, one));
}

describe('signals', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    await server.api.createUsers('ann', 'bob', 'cid');
  });

  const broadcast = (name: string, variables: object = {}): Promise<BroadcastSignalResponse> =>
    server.api.ok('POST', '/signals', { name, variables });

  it('reach everyone who waits, and nobody later', async () => {
    const { api } = server;
    await api.deploy(
      diagram(signal('sale', 'sale-opened'), process('shop', sequence(start, catchSignal('catch', 'sale'), end))),
    );
    const waiting = [await api.start('shop', 'ann'), await api.start('shop', 'bob')];
    expect(await broadcast('sale-opened', { discount: 10 })).toEqual({
      name: 'sale-opened',
      reached: 2,
      startedInstanceIds: [],
    });
    await api.rest();
    for (const id of waiting)
      expect(await api.status(id)).toMatchObject({ status: 'completed', variables: { discount: 10 } });
    const late = await api.start('shop', 'cid');
    await api.rest();
    expect((await api.status(late)).waitingAt).toEqual(['catch']);
    expect(await broadcast('another')).toMatchObject({ reached: 0 });
    await api.ok('POST', `/workflows/${late}/cancel`);
    expect(await broadcast('sale-opened')).toMatchObject({ reached: 0 });
  });

  it('are no messages, whatever they are called', async () => {
    const { api } = server;
    const id = await api.start('shop', 'ann');
    expect(await api.publish('sale-opened', '', { ttlSeconds: 60 })).toMatchObject({ outcome: 'buffered' });
    await api.rest();
    expect((await api.status(id)).waitingAt).toEqual(['catch']);
    await api.ok('POST', `/workflows/${id}/cancel`);
  });

  it('start workflows of which no user is the subject, in their newest version', async () => {
    const { api } = server;
    const version = (id: string): string =>
      diagram(
        signal('alarm', 'alarm'),
        process('evacuate', sequence(startSignal('begin', 'alarm'), wait(id, 'P1D'), end)),
      );
    await api.deploy(version('first'));
    await api.deploy(version('second'));
    const { startedInstanceIds } = await broadcast('alarm', { floor: 3 });
    await api.rest();
    expect(startedInstanceIds).toHaveLength(1);
    expect(await api.status(startedInstanceIds[0]!)).toMatchObject({
      userId: startedInstanceIds[0],
      waitingAt: ['second'],
      variables: { floor: 3 },
    });
  });

  it('thrown by a journey reach each who waits once, but not the thrower that comes to wait later', async () => {
    const { api, database } = server;
    await deployEach(
      server.api,
      signal('news', 'news'),
      process('listener', sequence(start, catchSignal('hear', 'news'), wait('pause', 'P1D'), end)),
      process(
        'speaker',
        sequence(start, wait('until', 'PT1H'), throwSignal('tell', 'news'), catchSignal('hear-later', 'news'), end),
      ),
    );
    const listener = await api.start('listener', 'ann');
    const { instances } = await api.ok<{ instances: { id: string }[] }>('POST', '/workflows/speaker/start', {
      users: [{ userId: 'bob' }],
    });
    const speaker = instances[0]!.id;
    await api.advance('PT1H');
    expect((await api.status(listener)).waitingAt).toEqual(['pause']);
    expect((await api.status(speaker)).waitingAt).toEqual(['hear-later']);
    const { rows } = await database.pool.query<{ kind: string }>('SELECT kind FROM command ORDER BY kind');
    expect(rows.filter(({ kind }) => kind === 'signal')).toEqual([]);
    const signals = (await api.history(listener)).filter(({ input }) => input['kind'] === 'signal');
    expect(signals).toHaveLength(1);
  });

  it('reach a subscription that the same batch has opened', async () => {
    const { api } = server;
    await deployEach(
      server.api,
      signal('ready', 'ready'),
      process('waits', sequence(start, wait('noon', 'PT2H'), catchSignal('await-ready', 'ready'), end)),
      process('says', sequence(start, wait('noon-too', 'PT2H'), endSignal('say-ready', 'ready'))),
    );
    const [waits, says] = [await api.start('waits', 'ann'), await api.start('says', 'bob')];
    await api.advance('PT2H');
    expect([(await api.status(waits)).status, (await api.status(says)).status]).toEqual(['completed', 'completed']);
  });

  it('and messages that a parallel multiple start event waits for begin one instance together', async () => {
    const { api } = server;
    const begin =
      '<bpmn:startEvent id="begin" parallelMultiple="true"><bpmn:messageEventDefinition messageRef="m"/>' +
      '<bpmn:signalEventDefinition signalRef="opened"/></bpmn:startEvent>';
    await api.deploy(
      diagram(
        signal('opened', 'doors-opened'),
        message('m', 'ticket-bought'),
        process('show', sequence(begin, wait('sit', 'P1D'), end)),
      ),
    );
    const { outcome, instanceIds } = await api.publish('ticket-bought', 'ann', { variables: { seat: 7 } });
    await api.rest();
    expect([outcome, (await api.status(instanceIds[0]!)).waitingAt]).toEqual(['started', ['begin']]);
    expect(await broadcast('doors-opened', { hall: 2 })).toMatchObject({ reached: 1, startedInstanceIds: [] });
    await api.rest();
    expect(await api.status(instanceIds[0]!)).toMatchObject({ waitingAt: ['sit'], variables: { seat: 7, hall: 2 } });
    const { startedInstanceIds } = await broadcast('doors-opened');
    await api.rest();
    expect((await api.status(startedInstanceIds[0]!)).waitingAt).toEqual(['begin']);
    for (const id of [...instanceIds, ...startedInstanceIds]) await api.ok('POST', `/workflows/${id}/cancel`);
  });

  it('reach a crowd in batches', async () => {
    const { api, database } = server;
    const users = Array.from({ length: 1_200 }, (_, index) => ({ userId: ['ann', 'bob', 'cid'][index % 3] }));
    await api.ok('POST', '/workflows/shop/start', { users });
    await api.rest();
    expect(await broadcast('sale-opened')).toMatchObject({ reached: 1_200 });
    await api.rest();
    const { rows } = await database.pool.query(
      `SELECT status, count(*)::int AS n FROM instance WHERE workflow_key = 'shop' GROUP BY status ORDER BY status`,
    );
    expect(rows).toEqual([
      { status: 'cancelled', n: 2 },
      { status: 'completed', n: 1_202 },
    ]);
  });

  it('are refused without a name', async () => {
    expect(await server.api.refused('POST', '/signals', { variables: {} })).toMatchObject({ status: 400 });
  });
});

describe('messages between journeys', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    await server.api.createUsers('ann', 'bob');
  });

  it('find who waits under the same key', async () => {
    const { api } = server;
    await deployEach(
      server.api,
      message('paid', 'paid'),
      process('warehouse', sequence(start, receive('await-payment', 'paid'), end)),
      process('checkout', sequence(start, throwMessage('pay', 'paid'), end)),
    );
    const [ann, bob] = [await api.start('warehouse', 'ann'), await api.start('warehouse', 'bob')];
    await api.start('checkout', 'ann');
    await api.rest();
    expect([(await api.status(ann)).status, (await api.status(bob)).status]).toEqual(['completed', 'active']);
  });

  it('are kept for an hour', async () => {
    const { api } = server;
    await api.start('checkout', 'ann');
    await api.advance('PT59M');
    const early = await api.start('warehouse', 'ann');
    await api.rest();
    expect((await api.status(early)).status).toBe('completed');
    await api.start('checkout', 'ann');
    await api.advance('PT61M');
    const late = await api.start('warehouse', 'ann');
    await api.rest();
    expect((await api.status(late)).waitingAt).toEqual(['await-payment']);
  });

  it('start workflows for the user whose id is the key', async () => {
    const { api } = server;
    const messageStart =
      '<bpmn:startEvent id="begin"><bpmn:messageEventDefinition messageRef="refund"/></bpmn:startEvent>';
    await deployEach(
      server.api,
      message('refund', 'refund'),
      process('apologize', sequence(messageStart, wait('day', 'P1D'), end)),
      process('complain', sequence(start, throwMessage('ask-refund', 'refund'), end)),
    );
    await api.start('complain', 'bob', { amount: 5 });
    await api.rest();
    const { items } = await api.ok<{ items: object[] }>('GET', '/instances?workflow=apologize');
    expect(items).toMatchObject([{ userId: 'bob', waitingAt: ['day'] }]);
  });
});

describe('a signal that thousands wait for', () => {
  it('reaches all of them, and nobody who comes to wait while it is on its way', async () => {
    const { api, database } = await startTestServer();
    const waiters = 4_500;
    await database.pool.query(
      `INSERT INTO user_profile (subject_id, created_at, updated_at) SELECT 'u' || n, now(), now() FROM generate_series(1, $1) n`,
      [waiters + 1],
    );
    await api.deploy(
      diagram(signal('s', 'sale'), process('patient', sequence(start, catchSignal('on-sale', 's'), end))),
    );
    const users = Array.from({ length: waiters }, (_, index) => ({ userId: `u${index + 1}` }));
    await api.ok('POST', '/workflows/patient/start', { users });
    await api.rest();
    const broadcast = await api.ok<{ reached: number }>('POST', '/signals', { name: 'sale' });
    expect(broadcast.reached).toBe(waiters);
    const late = await api.start('patient', `u${waiters + 1}`);
    await api.rest();
    const { rows } = await database.pool.query<{ status: string; count: number }>(
      `SELECT status, count(*)::int AS count FROM instance GROUP BY status ORDER BY status`,
    );
    expect(rows).toEqual([
      { status: 'active', count: 1 },
      { status: 'completed', count: waiters },
    ]);
    expect((await api.status(late)).waitingAt).toEqual(['on-sale']);
    expect((await database.pool.query('SELECT id FROM broadcast')).rows).toEqual([]);
  });

  it('goes on chunk by chunk in transactions of their own, after a crash too', async () => {
    const { pool } = await createTestDatabase();
    const open = (count: number): Promise<unknown> =>
      pool.query(
        `INSERT INTO subscription (subject_id, instance_id, id, element_id, event, message_name, correlation_key)
         SELECT 'u', gen_random_uuid(), 's', 'e', 'signal', 'sale', '' FROM generate_series(1, $1)`,
        [count],
      );
    const inboxes = async (): Promise<number> =>
      (await pool.query<{ count: number }>('SELECT count(*)::int AS count FROM command')).rows[0]!.count;
    await open(5);
    const sale = { id: randomUUID(), name: 'sale', variables: {}, at: 'now', instance_id: null, opened_since: [] };
    expect(await inTransaction(pool, (client) => insertSignals(client, [sale], 2))).toEqual([
      { id: sale.id, reached: 5 },
    ]);
    expect(await inboxes()).toBe(2);
    await open(1);
    const crash = inTransaction(pool, async (client) => {
      await continueBroadcast(client, 2);
      throw new Error('crash');
    });
    await expect(crash).rejects.toThrow('crash');
    expect(await inboxes()).toBe(2);
    const chunks: number[] = [];
    for (let chunk = 0; chunk < 3; chunk++)
      chunks.push(await inTransaction(pool, (client) => continueBroadcast(client, 2)));
    expect(chunks).toEqual([2, 1, 0]);
    expect(await inboxes()).toBe(5);
  });
});

describe('an escalation that a called workflow throws', () => {
  it('is caught at the call, which goes on meanwhile', async () => {
    const { api } = await startTestServer();
    await api.createUsers('ann');
    const escalation = '<bpmn:escalation id="late" name="late" escalationCode="LATE"/>';
    await api.deploy(
      diagram(
        escalation,
        process(
          'delivery',
          sequence(
            start,
            '<bpmn:intermediateThrowEvent id="tell"><bpmn:escalationEventDefinition escalationRef="late"/></bpmn:intermediateThrowEvent>',
            wait('drive', 'P1D'),
            end,
          ),
        ),
      ),
    );
    await api.deploy(
      diagram(
        escalation,
        process(
          'order',
          sequence(start, '<bpmn:callActivity id="deliver" calledElement="delivery"/>', end) +
            '<bpmn:boundaryEvent id="apologize" attachedToRef="deliver" cancelActivity="false"><bpmn:escalationEventDefinition escalationRef="late"/></bpmn:boundaryEvent>' +
            `${wait('sorry', 'P2D')}<bpmn:sequenceFlow id="to-sorry" sourceRef="apologize" targetRef="sorry"/>`,
        ),
      ),
    );
    const id = await api.start('order', 'ann');
    await api.rest();
    expect([...(await api.status(id)).waitingAt].sort()).toEqual(['deliver', 'sorry']);
    await api.advance('P3D');
    expect((await api.status(id)).status).toBe('completed');
  });
});
