import { randomUUID } from 'node:crypto';
import { on } from 'node:events';
import type { ConsumeMessage } from 'amqplib';
import { EventEmitter } from 'node:events';
import { AmqpProxy } from '../../chaos/amqp-proxy.js';
import { Cable, rabbitInstalled, rabbitUrl, testChannel } from '../rabbit-server.js';
import { closeAfterTests } from '../open-resources.js';
import { startTestServer } from '../test-server.js';
import { describeEventStream, withEnvironment } from './contract.js';
import { TableWatch } from './table-watch.js';
import type { PutAside, TestBroker } from './test-broker.js';

if (rabbitInstalled) {
  describeEventStream('a queue of RabbitMQ', openRabbit);
  describe('a queue of RabbitMQ that is replaced by another one', () => {
    it('is taken from again when it is as it should be', async () => {
      const queue = `xflow-test-${randomUUID()}`;
      const cable = await Cable.lay(await rabbitUrl());
      const channel = await testChannel(await rabbitUrl());
      closeAfterTests(async () => {
        for (const name of [queue, `${queue}.dead`]) await channel.deleteQueue(name);
      });
      const environment = { AMQP_URL: cable.url, AMQP_QUEUE: queue };
      const server = await withEnvironment(environment, () => startTestServer({ testClock: false }));
      const tables = await TableWatch.over(server.database, ['user_event']);
      const send = async (id: string): Promise<void> => {
        await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
        channel.sendToQueue(queue, Buffer.from(JSON.stringify({ kind: 'event', userId: 'ann', name: 'visit', id })));
      };
      await send('before');
      await tables.counts('user_event', 1);
      const refused = cable.sent('PRECONDITION_FAILED');
      await channel.deleteQueue(queue);
      await channel.assertQueue(queue, { durable: false });
      await refused;
      await channel.deleteQueue(queue);
      await send('after');
      await tables.counts('user_event', 2);
    });
  });
  describe('acknowledgements to RabbitMQ', () => {
    it('may arrive twice, in another order or not at all: nothing is lost, and nothing is there twice', async () => {
      const broker = await openRabbit();
      const near = new URL(broker.environment['AMQP_URL']!);
      const proxy = await AmqpProxy.open(Number(near.port));
      closeAfterTests(() => proxy.close());
      const environment = { ...broker.environment, AMQP_URL: proxy.urlOf(near.href) };
      const server = await withEnvironment(environment, () => startTestServer({ testClock: false }));
      const tables = await TableWatch.over(server.database, ['user_event']);
      const sendAll = (name: string): Promise<unknown> =>
        Promise.all(
          Array.from({ length: 40 }, (_, index) =>
            broker.send(JSON.stringify({ kind: 'event', userId: 'ann', name, id: `${name} ${index}` })),
          ),
        );
      // Lost at last, and with the connection, so that all of it is delivered again. In all fewer than a channel may have open.
      for (const acknowledging of ['double', 'reverse', 'lose'] as const) {
        proxy.acknowledging = acknowledging;
        await sendAll(acknowledging);
        await tables.counts(`user_event WHERE name = '${acknowledging}'`, 40);
      }
      proxy.acknowledging = 'pass';
      proxy.cut();
      await sendAll('after');
      await tables.counts(`user_event WHERE name = 'after'`, 40);
      expect(await tables.count('user_event')).toBe(160);
      await server.stop();
      expect(await broker.leftOver()).toBe(0);
    });
  });
} else
  describe('a queue of RabbitMQ', () =>
    it.skip('is not tested: no RabbitMQ was found; install the package rabbitmq-server', () => undefined));

async function openRabbit(): Promise<TestBroker> {
  const queue = `xflow-test-${randomUUID()}`;
  const deadLetters = `${queue}.dead`;
  const url = await rabbitUrl();
  const cable = await Cable.lay(url);
  const channel = await testChannel(url);
  // As the server declares them; whoever comes first.
  for (const name of [queue, deadLetters])
    await channel.assertQueue(name, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  closeAfterTests(async () => {
    for (const name of [queue, deadLetters]) await channel.deleteQueue(name);
  });
  const arrivals = new EventEmitter();
  const dead = on(arrivals, 'dead');
  await channel.consume(deadLetters, (message) => arrivals.emit('dead', message), { noAck: true });
  return {
    environment: { AMQP_URL: cable.url, AMQP_QUEUE: queue },
    send: (body, { id, headers } = {}) =>
      new Promise((resolve, reject) => {
        const options = {
          persistent: true,
          ...(id === undefined ? {} : { messageId: id }),
          ...(headers ? { headers } : {}),
        };
        channel.sendToQueue(queue, Buffer.from(body), options, (error: unknown) =>
          error ? reject(error as Error) : resolve(),
        );
      }),
    putAside: async (): Promise<PutAside> => {
      const { value } = (await dead.next()) as { value: [ConsumeMessage] };
      const { content, properties } = value[0];
      const { 'x-xflow-reason': reason, ...headers } = properties.headers as Record<string, string>;
      return { body: content.toString(), reason: reason!, headers };
    },
    delivered: (text) => cable.sent(text),
    cut: () => cable.cut(),
    leftOver: async () => {
      // What the server did not acknowledge stands before this one.
      channel.sendToQueue(queue, Buffer.from('end'), { persistent: true });
      let count = 0;
      await new Promise<void>((resolve) => {
        void channel.consume(queue, (message) => (message?.content.toString() === 'end' ? resolve() : (count += 1)), {
          noAck: true,
        });
      });
      return count;
    },
  };
}
