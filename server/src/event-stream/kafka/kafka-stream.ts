import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel, type Consumer, type EachBatchPayload, type KafkaMessage, type Producer } from 'kafkajs';
import type { EventStream, StreamDelivery, StreamTaker } from '../event-stream.js';
import { reasonHeader } from '../incoming.js';
import { boundGzip, refusalOf } from './bounded-gzip.js';
import { kafkaSettings, type KafkaSettings } from './kafka-settings.js';

/** Records of a partition that wait for their commit at a time. */
const chunkSize = 200;
/** Partitions that are taken from at a time. Each of them holds one fetch in memory. */
const partitionsAtOnce = 4;
const bytesPerFetch = 4 * 1024 * 1024;
/** Milliseconds. A member that is silent for longer loses its partitions to others. */
const sessionTimeout = 30_000;
const heartbeatInterval = 3_000;
/** Milliseconds that the broker keeps a question for records open when there are none: what a stop may have to wait for. */
const longestFetch = 1_000;
const firstPause = 300;
const longestPause = 30_000;
/** Header that holds the id of a record whose body has none. */
const idHeader = 'message-id';

/** The Kafka that `KAFKA_BROKERS` names. @throws as {@link kafkaSettings} */
export const kafkaStream = (environment: Readonly<Record<string, string | undefined>>): EventStream =>
  new KafkaStream(kafkaSettings(environment));

/**
 * Topics of Kafka, read by the members of a consumer group. The records of a partition are taken in their order; the offset is committed to Kafka after
 * the commit in the database. What can never be taken in goes to the topic `<topic>.dead`, with the reason in a header. While the database is away, the
 * partition is not read on, and its heartbeats go on, so that it stays with this server.
 */
class KafkaStream implements EventStream {
  readonly name = 'Kafka';
  private readonly consumer: Consumer;
  private readonly producer: Producer;
  private readonly closing = new AbortController();

  constructor(private readonly settings: KafkaSettings) {
    boundGzip();
    const kafka = new Kafka({ ...settings.connection, clientId: 'xflow', logLevel: logLevel.NOTHING });
    // Beyond a few retries of the library, this class begins anew.
    const retry = { retries: 3, restartOnFailure: () => Promise.resolve(false) };
    this.producer = kafka.producer({ retry });
    this.consumer = kafka.consumer({
      groupId: settings.group,
      sessionTimeout,
      heartbeatInterval,
      maxBytes: bytesPerFetch,
      maxBytesPerPartition: bytesPerFetch,
      maxWaitTimeInMs: longestFetch,
      retry,
    });
  }

  open(taker: StreamTaker): Promise<void> {
    void this.runUntilClosed(taker);
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.disconnect();
  }

  private async runUntilClosed(taker: StreamTaker): Promise<void> {
    const { signal } = this.closing;
    let pause = firstPause;
    this.consumer.on('consumer.group_join', () => {
      pause = firstPause;
      taker.reached();
    });
    while (!signal.aborted) {
      try {
        await this.runUntilCrash(taker);
      } catch (error) {
        taker.lost(error);
      }
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      pause = Math.min(pause * 2, longestPause);
    }
    // Whatever was being connected while it was closed.
    await this.disconnect();
  }

  /** @throws what ended it */
  private async runUntilCrash(taker: StreamTaker): Promise<void> {
    const { consumer, closing } = this;
    const ended = new Promise<void>((resolve, reject) => {
      closing.signal.addEventListener('abort', () => resolve(), { once: true });
      const forget = consumer.on('consumer.crash', ({ payload }) => {
        forget();
        reject(payload.error);
      });
    });
    ended.catch(() => undefined);
    await this.producer.connect();
    await consumer.connect();
    // A group that is new begins at the oldest record.
    await consumer.subscribe({ topics: this.settings.topics, fromBeginning: true });
    if (closing.signal.aborted) return;
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: partitionsAtOnce,
      eachBatch: (payload) => this.takeBatch(taker, payload),
    });
    await ended;
  }

  private async takeBatch(taker: StreamTaker, payload: EachBatchPayload): Promise<void> {
    const { batch, resolveOffset, commitOffsetsIfNecessary, uncommittedOffsets, isRunning, isStale } = payload;
    let lost: unknown = null;
    const isHeld = (): boolean => lost === null && !isStale();
    // The library beats only between batches; it knows itself when the next one is due.
    const heart = setInterval(() => void payload.heartbeat().catch((error: unknown) => (lost = error)), 1_000);
    // A batch that is not taken in is told once.
    const records = batch.messages.filter(
      (record, index) => refusalOf(record) === undefined || record.offset !== batch.messages[index + 1]?.offset,
    );
    try {
      for (let first = 0; first < records.length && isRunning() && isHeld(); first += chunkSize) {
        const deliveries = records
          .slice(first, first + chunkSize)
          .map((record) => new KafkaDelivery(record, batch.topic, this.producer, isHeld));
        await taker.take(deliveries);
        const firstOpen = deliveries.findIndex(({ isSettled }) => !isSettled);
        const last = deliveries.at(firstOpen === -1 ? -1 : firstOpen - 1);
        if (last !== undefined && firstOpen !== 0) {
          resolveOffset(last.offset);
          await commitOffsetsIfNecessary(uncommittedOffsets());
        }
        if (firstOpen !== -1) break;
      }
    } finally {
      clearInterval(heart);
    }
    // Lets the library join the group again.
    if (lost !== null) throw lost as Error;
  }

  private async disconnect(): Promise<void> {
    await this.consumer.disconnect().catch(() => undefined);
    await this.producer.disconnect().catch(() => undefined);
  }
}

class KafkaDelivery implements StreamDelivery {
  isSettled = false;

  constructor(
    private readonly record: KafkaMessage,
    private readonly topic: string,
    private readonly producer: Producer,
    readonly isHeld: () => boolean,
  ) {}

  get body(): Buffer {
    return this.record.value ?? Buffer.alloc(0);
  }

  get id(): string | null {
    const header = this.record.headers?.[idHeader];
    return header === undefined || header.length === 0 ? null : String(header);
  }

  get unreadable(): string | undefined {
    return refusalOf(this.record);
  }

  get offset(): string {
    return this.record.offset;
  }

  acknowledge(): void {
    this.isSettled = true;
  }

  async putAside(reason: string): Promise<void> {
    const { key, value, headers } = this.record;
    await this.producer.send({
      topic: `${this.topic}.dead`,
      messages: [{ key, value, headers: { ...headers, [reasonHeader]: reason } }],
    });
    this.isSettled = true;
  }
}
