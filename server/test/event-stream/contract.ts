import { jest } from '@jest/globals';
import { Client } from 'pg';
import { diagram, end, message, process as processOf, receive, sequence, start } from '../diagram.js';
import { startTestServer, type TestServer } from '../test-server.js';
import { TableWatch } from './table-watch.js';
import type { TestBroker } from './test-broker.js';

/** What holds for every broker that a server takes events and messages from. */
export function describeEventStream(title: string, open: () => Promise<TestBroker>): void {
  describe(title, () => {
    let broker: TestBroker;
    let server: TestServer;
    let tables: TableWatch;
    beforeAll(async () => {
      broker = await open();
      server = await withEnvironment(broker.environment, () => startTestServer({ testClock: false }));
      tables = await TableWatch.over(server.database, ['user_event', 'message', 'instance']);
      await server.api.createUsers('ann');
      await server.api.deploy(
        diagram(message('paid', 'paid'), processOf('order', sequence(start, receive('wait', 'paid'), end))),
      );
    });

    const event = (id: string, more: object = {}): string =>
      JSON.stringify({ kind: 'event', userId: 'ann', name: 'visit', id, ...more });

    /** In any order. */
    const sendAll = async (count: number, body: (index: number) => string): Promise<void> => {
      await Promise.all(Array.from({ length: count }, (_, index) => broker.send(body(index))));
    };

    it('takes events and messages in', async () => {
      const id = await server.api.start('order', 'ann');
      await sendAll(100, (index) => event(`v${index}`, { userId: `user-${index % 7}`, properties: { index } }));
      await broker.send(
        JSON.stringify({ kind: 'message', name: 'paid', correlationKey: 'ann', variables: { amount: 3 } }),
        { id: 'm1' },
      );
      await tables.counts(`instance WHERE status = 'completed'`, 1);
      expect(await server.api.status(id)).toMatchObject({ variables: { amount: 3 } });
      await tables.counts(`user_event WHERE name = 'visit'`, 100);
    });

    it('takes them in once, however often they are delivered', async () => {
      for (let repeat = 0; repeat < 3; repeat++) {
        await broker.send(JSON.stringify({ kind: 'event', userId: 'ann', name: 'twice' }), { id: 'e1' });
        await broker.send(JSON.stringify({ kind: 'message', name: 'later', correlationKey: 'ann', messageId: 'm2' }));
      }
      await broker.send(event('l1', { name: 'last' }));
      await broker.send(JSON.stringify({ kind: 'message', name: 'last', correlationKey: 'ann', messageId: 'm3' }));
      await tables.counts(`user_event WHERE name = 'last'`, 1);
      await tables.counts(`message WHERE name = 'last'`, 1);
      expect(await tables.count(`user_event WHERE name = 'twice'`)).toBe(1);
      expect(await tables.count(`message WHERE name = 'later'`)).toBe(1);
    });

    it('keeps the order of messages of one name and key', async () => {
      for (let number = 0; number < 50; number++)
        await broker.send(
          JSON.stringify({
            kind: 'message',
            name: 'step',
            correlationKey: 'ann',
            messageId: `s${number}`,
            variables: { number },
          }),
        );
      await tables.counts(`message WHERE name = 'step'`, 50);
      const { rows } = await server.database.pool.query<{ id: string }>(
        `SELECT id FROM message WHERE name = 'step' ORDER BY seq`,
      );
      expect(rows.map(({ id }) => id)).toEqual(rows.map((_row, number) => `s${number}`));
    });

    it.each([
      ['no JSON', '{', 'no JSON object'],
      ['nothing at all', '', 'no JSON object'],
      ['of no kind', { userId: 'ann' }, 'kind must be "event" or "message"'],
      ['an event without a name', { kind: 'event', userId: 'ann', id: 'x' }, 'Name the event.'],
      ['an event without an id', { kind: 'event', userId: 'ann', name: 'visit' }, 'It has no id'],
      ['a message with everything wrong', { kind: 'message', ttlSeconds: -1, messageId: 'x' }, '$.ttlSeconds'],
      ['text that no database keeps', { kind: 'event', userId: 'a\u0000', name: 'visit', id: 'x' }, 'U+0000'],
      ['too large', { kind: 'event', userId: 'ann', name: 'x'.repeat(300_000), id: 'x' }, 'larger than 256 KB'],
    ])('puts aside, with the reason, what is poison: %s', async (_what, body, reason) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      await broker.send(text, { headers: { origin: 'shop' } });
      expect(await broker.putAside()).toEqual({
        body: text,
        reason: expect.stringContaining(reason) as string,
        headers: { origin: 'shop' },
      });
    });

    it('loses and doubles none when the connection breaks before they are acknowledged', async () => {
      // Nothing is stored as long as this transaction is open.
      const client = await server.database.pool.connect();
      await client.query('BEGIN; LOCK TABLE user_event IN EXCLUSIVE MODE');
      await sendAll(500, (index) => event(`c${index}`, { name: 'cut' }));
      await broker.delivered?.('"c150"');
      broker.cut();
      await client.query('COMMIT');
      client.release();
      await tables.counts(`user_event WHERE name = 'cut'`, 500);
      // Comes after those that are delivered again.
      await broker.send(event('after', { name: 'after' }));
      await tables.counts(`user_event WHERE name = 'after'`, 1);
    });

    it('finishes what it has taken when it is told to stop, and acknowledges all of it', async () => {
      const client = await server.database.pool.connect();
      await client.query('BEGIN; LOCK TABLE user_event IN EXCLUSIVE MODE');
      const taken = serverAsks('insert-user-events');
      await broker.send(event('stopping'));
      await taken;
      const stopped = server.stop();
      // It has been told before what it has taken can be stored.
      await client.query('SELECT pg_sleep(0.1)');
      await client.query('COMMIT');
      client.release();
      await stopped;
      expect(await broker.leftOver()).toBe(0);
    });
  });
}

/** Resolves when the server of this process sends the statement of this name. */
async function serverAsks(name: string): Promise<void> {
  const original = Client.prototype.query;
  await new Promise<void>((resolve) => {
    jest.spyOn(Client.prototype, 'query').mockImplementation(function (this: Client, ...args: unknown[]) {
      if ((args[0] as { name?: string }).name === name) resolve();
      return (original as (...all: unknown[]) => unknown).apply(this, args) as never;
    });
  });
  jest.restoreAllMocks();
}

/** Starts a server with these variables. */
export async function withEnvironment<T>(
  environment: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  const before = process.env;
  process.env = { ...before, ...environment };
  try {
    return await work();
  } finally {
    process.env = before;
  }
}
