import {
  connect,
  type ChannelModel,
  type ConfirmChannel,
  type ConsumeMessage,
  type RecoveringChannelModel,
} from 'amqplib';
import type { EventStream, StreamDelivery, StreamTaker } from '../event-stream.js';
import { reasonHeader } from '../incoming.js';

/** Deliveries that wait for their commit at a time: what the memory is bounded by. */
const prefetch = 200;
const connectTimeout = 10_000;
/** Milliseconds after which a channel that the broker has closed is opened anew. */
const reopenAfter = 1_000;

/** The RabbitMQ that `AMQP_URL` names, and the queue `AMQP_QUEUE` of it. */
export const rabbitStream = ({
  AMQP_URL: url = '',
  AMQP_QUEUE: queue = 'xflow',
}: Readonly<Record<string, string | undefined>>): EventStream => new RabbitStream(url, queue);

/**
 * A durable quorum queue of RabbitMQ. What is delivered together is taken together. What can never be taken in goes to the dead-letter queue
 * `<queue>.dead`, with the reason in a header. While the database is away, nothing more than the prefetch is taken.
 */
class RabbitStream implements EventStream {
  readonly name = 'RabbitMQ';
  private taker: StreamTaker | null = null;
  private connection: RecoveringChannelModel | null = null;
  private channel: ConfirmChannel | null = null;
  private consumerTag = '';
  private waiting: RabbitDelivery[] = [];
  private taking: Promise<void> | null = null;
  private closed = false;

  /** @param queue name of the queue; declared if it is not there */
  constructor(
    private readonly url: string,
    private readonly queue: string,
  ) {}

  async open(taker: StreamTaker): Promise<void> {
    this.taker = taker;
    const recovery = {
      initialDelay: 200,
      maxDelay: 30_000,
      setup: (model: ChannelModel) => this.openChannel(model),
      waitForConnect: false,
    };
    this.connection = await connect(this.url, { timeout: connectTimeout, recovery });
    for (const event of ['connect-failed', 'disconnect', 'error'])
      this.connection.on(event, (error: unknown) => this.reportLoss(error));
  }

  async close(): Promise<void> {
    this.closed = true;
    const { channel, connection } = this;
    await channel?.cancel(this.consumerTag).catch(() => undefined);
    // What has not begun goes back to the queue with the channel.
    this.waiting = [];
    await this.taking;
    await channel?.close().catch(() => undefined);
    await connection?.close().catch(() => undefined);
  }

  private async openChannel(model: ChannelModel): Promise<void> {
    if (this.closed) return;
    const channel = await model.createConfirmChannel();
    channel.on('error', (error: Error) => this.reportLoss(error));
    channel.on('close', () => this.reopen(model, channel));
    const deadLetters = `${this.queue}.dead`;
    for (const name of [this.queue, deadLetters])
      await channel.assertQueue(name, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    await channel.prefetch(prefetch);
    this.channel = channel;
    const isOpen = (): boolean => this.channel === channel;
    const { consumerTag } = await channel.consume(this.queue, (message) => {
      // Null: the queue was deleted.
      if (message === null) void channel.close().catch(() => undefined);
      else this.receive(new RabbitDelivery(message, channel, isOpen, deadLetters));
    });
    this.consumerTag = consumerTag;
    this.taker?.reached();
  }

  /** The broker may close a channel and keep its connection. A connection that is lost is recovered by the library. */
  private reopen(model: ChannelModel, lost: ConfirmChannel): void {
    if (this.channel !== lost) return;
    this.channel = null;
    this.openLater(model);
  }

  /** Again and again: the broker may refuse for a while, because the queue is just being replaced, or has no majority. */
  private openLater(model: ChannelModel): void {
    setTimeout(() => {
      // A connection that was lost meanwhile has a successor, with a channel of its own.
      if (this.channel !== null || this.closed) return;
      this.openChannel(model).catch((error: unknown) => {
        this.reportLoss(error);
        this.openLater(model);
      });
    }, reopenAfter).unref();
  }

  private receive(delivery: RabbitDelivery): void {
    if (this.closed) return;
    this.waiting.push(delivery);
    this.taking ??= this.takeWaiting();
  }

  private async takeWaiting(): Promise<void> {
    // Deliveries of the same turn of the event loop are taken in together.
    await new Promise(setImmediate);
    while (this.waiting.length > 0) await this.taker?.take(this.waiting.splice(0));
    // In the breath in which nothing waits: what comes now begins anew.
    this.taking = null;
  }

  private reportLoss(error: unknown): void {
    this.taker?.lost(error ?? new Error('The connection was closed.'));
  }
}

class RabbitDelivery implements StreamDelivery {
  constructor(
    private readonly message: ConsumeMessage,
    private readonly channel: ConfirmChannel,
    readonly isHeld: () => boolean,
    private readonly deadLetters: string,
  ) {}

  get body(): Buffer {
    return this.message.content;
  }

  get id(): string | null {
    return asText(this.message.properties.messageId) ?? null;
  }

  acknowledge(): void {
    this.channel.ack(this.message);
  }

  async putAside(reason: string): Promise<void> {
    const { headers, contentType, messageId } = this.message.properties;
    const given = withoutUndefined({ contentType: asText(contentType), messageId: asText(messageId) });
    const options = { ...given, persistent: true, headers: { ...headers, [reasonHeader]: reason } };
    await new Promise<void>((resolve, reject) => {
      // Called with an error, too, when the channel closes before the broker has confirmed.
      this.channel.sendToQueue(this.deadLetters, this.message.content, options, (error: unknown) => {
        if (error === null || error === undefined) resolve();
        else reject(error instanceof Error ? error : new Error('The broker did not take it.'));
      });
    });
    if (this.isHeld()) this.acknowledge();
  }
}

const asText = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const withoutUndefined = (fields: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
