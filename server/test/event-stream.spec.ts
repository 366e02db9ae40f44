import { randomUUID } from 'node:crypto';
import type { ConfirmChannel } from 'amqplib';
import { diagram, end, message, process as processOf, receive, sequence, start } from './diagram.js';
import { Cable, rabbitInstalled, rabbitUrl, testChannel } from './rabbit-server.js';
import { startTestServer, type TestServer } from './test-server.js';

const [describeWithRabbit, title] = rabbitInstalled
  ? [describe, 'events and messages from RabbitMQ']
  : [describe.skip, 'events and messages from RabbitMQ (skipped: none found; install the package rabbitmq-server)'];

describeWithRabbit(title, () => {
  const queue = `xflow-test-${randomUUID()}`;
  let url: string;
  let server: TestServer;
  let cable: Cable;
  let channel: ConfirmChannel;
  beforeAll(async () => {
    url = await rabbitUrl();
    cable = await Cable.lay(url);
    channel = await testChannel(url);
    process.env['AMQP_URL'] = cable.url;
    process.env['AMQP_QUEUE'] = queue;
    server = await startTestServer({ testClock: false });
    await server.api.createUsers('ann');
    await server.api.deploy(
      diagram(message('paid', 'paid'), processOf('order', sequence(start, receive('wait', 'paid'), end))),
    );
    await until(async () => (await checked()) !== null);
  });
  afterAll(async () => {
    delete process.env['AMQP_URL'];
    delete process.env['AMQP_QUEUE'];
    await server.close();
    for (const name of [queue, `${queue}.dead`]) await channel.deleteQueue(name);
  });

  /** Whether the server has declared its queues; asked on a channel that the question may cost. */
  async function checked(): Promise<unknown> {
    const probe = await testChannel(url);
    probe.on('error', () => undefined);
    return await probe.checkQueue(`${queue}.dead`).catch(() => null);
  }
  const send = (body: unknown, options: object = {}): void => {
    const content = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    channel.sendToQueue(queue, content, { persistent: true, ...options });
  };
  const until = async (condition: () => Promise<boolean>): Promise<void> => {
    while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  const count = async (condition: string): Promise<number> =>
    (await server.database.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM user_event WHERE ${condition}`))
      .rows[0]!.n;
  const dead = async (): Promise<{ body: string; reason: string; id: unknown }> => {
    for (;;) {
      const message = await channel.get(`${queue}.dead`, { noAck: true });
      if (!message) continue;
      const { headers, messageId } = message.properties;
      return { body: message.content.toString(), reason: String(headers?.['x-xflow-reason']), id: messageId };
    }
  };

  it('are taken in, and acknowledged', async () => {
    const id = await server.api.start('order', 'ann');
    for (let index = 0; index < 100; index++)
      send({ kind: 'event', userId: `user-${index % 7}`, name: 'visit', id: `v${index}`, properties: { index } });
    send({ kind: 'message', name: 'paid', correlationKey: 'ann', variables: { amount: 3 } }, { messageId: 'm1' });
    await until(async () => (await server.api.status(id)).status === 'completed');
    expect(await server.api.status(id)).toMatchObject({ variables: { amount: 3 } });
    await until(async () => (await count(`name = 'visit'`)) === 100);
    await until(async () => (await channel.checkQueue(queue)).messageCount === 0);
  });

  it('are taken in once, however often they are delivered', async () => {
    const before = (await server.database.pool.query('SELECT FROM message')).rows.length;
    for (let repeat = 0; repeat < 3; repeat++) {
      send({ kind: 'event', userId: 'ann', name: 'twice' }, { messageId: 'e1' });
      send({ kind: 'message', name: 'later', correlationKey: 'ann', messageId: 'm2' });
    }
    send({ kind: 'event', userId: 'ann', name: 'last', id: 'l1' });
    await until(async () => (await count(`name = 'last'`)) === 1);
    expect(await count(`name = 'twice'`)).toBe(1);
    await until(async () => (await server.database.pool.query('SELECT FROM message')).rows.length > before);
    expect((await server.database.pool.query('SELECT FROM message')).rows).toHaveLength(before + 1);
  });

  it.each([
    ['no JSON', '{', 'no JSON object'],
    ['of no kind', { userId: 'ann' }, 'kind must be "event" or "message"'],
    ['an event without a name', { kind: 'event', userId: 'ann', id: 'x' }, 'Name the event.'],
    ['an event without an id', { kind: 'event', userId: 'ann', name: 'visit' }, 'It has no id'],
    ['a message with everything wrong', { kind: 'message', ttlSeconds: -1, messageId: 'x' }, '$.ttlSeconds'],
    ['text that no database keeps', { kind: 'event', userId: 'a\u0000', name: 'visit', id: 'x' }, 'U+0000'],
    ['too large', { kind: 'event', userId: 'ann', name: 'x'.repeat(300_000), id: 'x' }, 'larger than 256 KB'],
  ])('go to the dead-letter queue with the reason when they are poison: %s', async (_what, body, reason) => {
    send(body, { headers: { origin: 'shop' } });
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    expect(await dead()).toMatchObject({ body: text, reason: expect.stringContaining(reason) as string });
    await until(async () => (await channel.checkQueue(queue)).messageCount === 0);
  });

  it('are not lost, and not doubled, when the connection breaks before they are acknowledged', async () => {
    // Nothing is stored as long as this transaction is open.
    const client = await server.database.pool.connect();
    await client.query('BEGIN; LOCK TABLE user_event IN EXCLUSIVE MODE');
    for (let index = 0; index < 500; index++) send({ kind: 'event', userId: 'bob', name: 'cut', id: `c${index}` });
    await channel.waitForConfirms();
    // The server has as many of them as it may have, and waits for the database.
    await until(async () => (await channel.checkQueue(queue)).messageCount === 300);
    cable.cut();
    await client.query('COMMIT');
    client.release();
    await until(async () => (await count(`name = 'cut'`)) === 500);
    await until(async () => (await channel.checkQueue(queue)).messageCount === 0);
    expect(await count(`name = 'cut'`)).toBe(500);
  });
});
