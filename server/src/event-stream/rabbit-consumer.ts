import { setTimeout as sleep } from 'node:timers/promises';
import { Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import {
  connect,
  type ChannelModel,
  type ConfirmChannel,
  type ConsumeMessage,
  type RecoveringChannelModel,
} from 'amqplib';
import type { EventIntake, Taken } from './event-intake.js';

/** Deliveries that wait for their commit at a time: what the memory is bounded by. */
const prefetch = 200;
const connectTimeout = 10_000;
/** Milliseconds after which a channel that the broker has closed is opened anew. */
const reopenAfter = 1_000;
const longestPause = 10_000;
/** Header of what goes to the dead-letter queue. */
const reasonHeader = 'x-xflow-reason';
const longestReason = 2_000;

/**
 * Takes in events and messages from a durable quorum queue of RabbitMQ. What is delivered together is taken in together; it is acknowledged after the
 * commit, so that a crash brings it again, which is harmless. What can never be taken in goes to the dead-letter queue `<queue>.dead`, with the reason
 * in a header, and is acknowledged when the broker has it there. While the database is away, nothing more than the prefetch is taken.
 */
export class RabbitConsumer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RabbitConsumer.name);
  private connection: RecoveringChannelModel | null = null;
  private channel: ConfirmChannel | null = null;
  private consumerTag = '';
  private waiting: { readonly channel: ConfirmChannel; readonly message: ConsumeMessage }[] = [];
  private taking: Promise<void> | null = null;
  private stopped = false;
  private outage = false;

  /** @param queue name of the queue; declared if it is not there */
  constructor(
    private readonly url: string,
    private readonly queue: string,
    private readonly intake: EventIntake,
  ) {}

  /** Does not wait for the broker: the server serves without it, and connects when it is there. */
  async onApplicationBootstrap(): Promise<void> {
    const recovery = {
      initialDelay: 200,
      maxDelay: 30_000,
      setup: (model: ChannelModel) => this.open(model),
      waitForConnect: false,
    };
    this.connection = await connect(this.url, { timeout: connectTimeout, recovery });
    this.connection.on('connect-failed', (error: Error) => this.reportOutage(error));
    this.connection.on('disconnect', (error: Error) => this.reportOutage(error));
    this.connection.on('error', (error: Error) => this.reportOutage(error));
  }

  /** Takes nothing more, and finishes what was taken. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    const { channel, connection } = this;
    await channel?.cancel(this.consumerTag).catch(() => undefined);
    // What has not begun goes back to the queue with the channel.
    this.waiting = [];
    await this.taking;
    await channel?.close().catch(() => undefined);
    await connection?.close().catch(() => undefined);
  }

  private async open(model: ChannelModel): Promise<void> {
    if (this.stopped) return;
    const channel = await model.createConfirmChannel();
    channel.on('error', (error: Error) => this.reportOutage(error));
    channel.on('close', () => this.reopen(model, channel));
    for (const name of [this.queue, this.deadLetters])
      await channel.assertQueue(name, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    await channel.prefetch(prefetch);
    this.channel = channel;
    const { consumerTag } = await channel.consume(this.queue, (message) => {
      // Null: the queue was deleted.
      if (message === null) void channel.close().catch(() => undefined);
      else this.receive(channel, message);
    });
    this.consumerTag = consumerTag;
    this.outage = false;
  }

  private get deadLetters(): string {
    return `${this.queue}.dead`;
  }

  /** The broker may close a channel and keep its connection. A connection that is lost is recovered by the library. */
  private reopen(model: ChannelModel, lost: ConfirmChannel): void {
    if (this.channel !== lost) return;
    this.channel = null;
    setTimeout(() => {
      if (this.channel === null && !this.stopped)
        this.open(model).catch((error: unknown) => this.reportOutage(error as Error));
    }, reopenAfter).unref();
  }

  private receive(channel: ConfirmChannel, message: ConsumeMessage): void {
    this.waiting.push({ channel, message });
    this.takeWaiting();
  }

  private takeWaiting(): void {
    this.taking ??= this.takeWhileWaiting().finally(() => {
      this.taking = null;
      // Came while the last ones were being settled.
      if (this.waiting.length > 0 && !this.stopped) this.takeWaiting();
    });
  }

  private async takeWhileWaiting(): Promise<void> {
    // Deliveries of the same turn of the event loop are taken in together.
    await new Promise(setImmediate);
    while (this.waiting.length > 0 && !this.stopped) {
      let open = this.waiting.splice(0);
      for (let pause = 100; open.length > 0 && !this.stopped; pause = Math.min(pause * 2, longestPause)) {
        // Those of a channel that is gone come again.
        open = open.filter(({ channel }) => channel === this.channel);
        open = await this.take(open);
        if (open.length > 0) await sleep(pause);
      }
    }
  }

  /** @returns what has to be tried again */
  private async take(deliveries: typeof this.waiting): Promise<typeof this.waiting> {
    const outcomes = await this.intake.take(
      deliveries.map(({ message: { content, properties } }) => ({ body: content, id: asId(properties.messageId) })),
    );
    const again = deliveries.filter((delivery, index) => !this.settle(delivery, outcomes[index]!));
    if (again.length > 0)
      this.logger.error(`${again.length} deliveries of RabbitMQ are tried again: ${firstError(outcomes)}`);
    return again;
  }

  private settle({ channel, message }: (typeof this.waiting)[number], outcome: Taken): boolean {
    if (outcome.kind === 'again') return false;
    const acknowledge = (): void => {
      // On a channel that is gone there is nothing to acknowledge: the delivery comes again.
      if (channel === this.channel) channel.ack(message);
    };
    if (outcome.kind === 'stored' || channel !== this.channel) {
      acknowledge();
      return true;
    }
    const { headers, contentType, messageId } = message.properties;
    const given = { contentType: asText(contentType), messageId: asText(messageId) };
    const reason = outcome.reason.slice(0, longestReason);
    channel.sendToQueue(
      this.deadLetters,
      message.content,
      { ...withoutUndefined(given), persistent: true, headers: { ...headers, [reasonHeader]: reason } },
      (error: unknown) => {
        if (error === null || error === undefined) acknowledge();
        else if (channel === this.channel) channel.nack(message);
      },
    );
    return true;
  }

  private reportOutage(error: Error | undefined): void {
    if (this.outage || this.stopped) return;
    this.outage = true;
    this.logger.error(
      `RabbitMQ cannot be reached, and is tried again: ${error?.message ?? 'the connection was closed'}`,
    );
  }
}

const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const withoutUndefined = (fields: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

const asId = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const firstError = (outcomes: readonly Taken[]): string => {
  const [first] = outcomes.flatMap((outcome) => (outcome.kind === 'again' ? [String(outcome.error)] : []));
  return first ?? '';
};
