import { EventEmitter, on } from 'node:events';
import { CompressionTypes, Kafka, logLevel, type KafkaMessage } from 'kafkajs';
import { KafkaBroker } from '../kafka-broker.js';
import { librdkafkaInstalled, startLibrdkafkaBroker } from '../librdkafka-broker.js';
import { closeAfterTests } from '../open-resources.js';
import { createTestDatabase } from '../test-database.js';
import { startTestServer, type TestServer } from '../test-server.js';
import { describeEventStream, withEnvironment } from './contract.js';
import { TableWatch } from './table-watch.js';
import type { PutAside, TestBroker } from './test-broker.js';

const topic = 'crm';
const group = 'xflow-test';

describeEventStream('topics of Kafka, as a stand-in for a broker speaks its protocol', async () => {
  const broker = await KafkaBroker.start();
  return {
    ...(await openKafka(broker.address)),
    delivered: (text) => broker.delivered(text),
    cut: () => broker.cut('xflow'),
    leftOver: () => Promise.resolve(broker.uncommitted(group, topic)),
  };
});

describe('servers that read topics of Kafka together', () => {
  it('take over from one that goes', async () => {
    const broker = await KafkaBroker.start();
    const { environment, send } = await openKafka(broker.address);
    const database = await createTestDatabase();
    const tables = await TableWatch.over(database, ['user_event']);
    const start = (): Promise<TestServer> =>
      withEnvironment(environment, () => startTestServer({ testClock: false, database }));
    const events = (name: string): Promise<unknown> =>
      Promise.all(
        Array.from({ length: 200 }, (_, index) =>
          send(JSON.stringify({ kind: 'event', userId: `user-${index % 9}`, name, id: `${name}-${index}` })),
        ),
      );
    const servers = [await start(), await start()];
    await events('both');
    await tables.counts(`user_event WHERE name = 'both'`, 200);
    const stopped = servers[0]!.stop();
    await events('leaving');
    await stopped;
    await events('left');
    await tables.counts('user_event', 600);
    await broker.committed(group, topic);
  });
});

describe('a batch that decompresses to very much', () => {
  it('is put aside without its records, and what comes after it is taken in', async () => {
    const broker = await KafkaBroker.start();
    const { environment, send, sendBatch, putAside } = await openKafka(broker.address);
    const database = await createTestDatabase();
    const tables = await TableWatch.over(database, ['user_event']);
    await withEnvironment(environment, () => startTestServer({ testClock: false, database }));
    const event = (id: string): string => JSON.stringify({ kind: 'event', userId: 'ann', name: 'visit', id });
    await sendBatch([event('a'), event('b')]);
    await sendBatch(['x'.repeat(20_000_000), 'y'.repeat(20_000_000)]);
    await send(event('c'));
    expect(await putAside()).toEqual({
      body: '',
      reason: 'The batch with the offsets 2 to 3 is larger than 32 MB when it is decompressed. Send less at once.',
      headers: {},
    });
    await tables.counts('user_event', 3);
    await broker.committed(group, topic);
  });
});

if (librdkafkaInstalled)
  describeEventStream("topics of Kafka, in librdkafka's broker for tests", async () => {
    const address = await startLibrdkafkaBroker();
    return {
      ...(await openKafka(address)),
      delivered: null,
      cut: () => undefined,
      leftOver: () => uncommitted(address),
    };
  });
else
  describe("topics of Kafka, in librdkafka's broker for tests", () =>
    it.skip('are not tested: no kcat was found; install the package kcat', () => undefined));

interface TestKafka extends Pick<TestBroker, 'environment' | 'send' | 'putAside'> {
  /** Sends bodies in one batch, compressed. */
  readonly sendBatch: (bodies: readonly string[]) => Promise<void>;
}

async function openKafka(address: string): Promise<TestKafka> {
  const kafka = new Kafka({ brokers: [address], clientId: 'test', logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  closeAfterTests(() => producer.disconnect());
  const consumer = kafka.consumer({ groupId: 'test', maxWaitTimeInMs: 500 });
  await consumer.connect();
  closeAfterTests(() => consumer.disconnect());
  await consumer.subscribe({ topics: [`${topic}.dead`], fromBeginning: true });
  const arrivals = new EventEmitter();
  const dead = on(arrivals, 'dead');
  await consumer.run({ eachMessage: ({ message }) => Promise.resolve(void arrivals.emit('dead', message)) });
  return {
    environment: { KAFKA_BROKERS: address, KAFKA_TOPICS: topic, KAFKA_GROUP: group },
    send: async (body, { id, headers } = {}) => {
      const all = { ...headers, ...(id === undefined ? {} : { 'message-id': id }) };
      await producer.send({ topic, messages: [{ key: 'ann', value: body, headers: all }] });
    },
    sendBatch: async (bodies) => {
      const messages = bodies.map((value) => ({ key: 'ann', value }));
      await producer.send({ topic, compression: CompressionTypes.GZIP, messages });
    },
    putAside: async (): Promise<PutAside> => {
      const { value } = (await dead.next()) as { value: [KafkaMessage] };
      const { value: body, headers: sent = {} } = value[0];
      const texts = Object.fromEntries(Object.entries(sent).map(([name, text]) => [name, String(text)]));
      const { 'x-xflow-reason': reason, ...headers } = texts;
      return { body: String(body), reason: reason!, headers };
    },
  };
}

async function uncommitted(address: string): Promise<number> {
  const admin = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const [ends, [committed]] = await Promise.all([
    admin.fetchTopicOffsets(topic),
    admin.fetchOffsets({ groupId: group, topics: [topic] }),
  ]);
  await admin.disconnect();
  const offsets = new Map(
    committed!.partitions.map(({ partition, offset }) => [partition, Math.max(Number(offset), 0)]),
  );
  return ends.reduce((sum, { partition, offset }) => sum + Number(offset) - (offsets.get(partition) ?? 0), 0);
}
