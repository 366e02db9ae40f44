import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type ChannelModel, type ConfirmChannel } from 'amqplib';
import { within } from './within.js';

/** Milliseconds after which a confirmation is not waited for any more. */
const patience = 5_000;

/** A backend that publishes to the servers' queue, and again until the broker confirms. */
export class Publisher {
  private opening: Promise<ConfirmChannel> | null = null;
  private connection: ChannelModel | null = null;
  private over = false;
  /** Confirmed by the broker. */
  confirmed = 0;
  /** Sent again, because no confirmation came. */
  repeated = 0;

  constructor(
    private readonly url: string,
    private readonly queue: string,
  ) {}

  /** Resolves when the broker has it; or when it is all over. */
  async publish(content: object): Promise<void> {
    const body = Buffer.from(JSON.stringify(content));
    for (let attempt = 0; !this.over; attempt += 1) {
      if (attempt > 0) {
        this.repeated += 1;
        await sleep(Math.min(50 * 2 ** attempt, 1_000));
      }
      try {
        const channel = await this.open();
        const confirmation = new Promise<void>((resolve, reject) =>
          channel.sendToQueue(this.queue, body, { persistent: true }, (error: unknown) =>
            error === null || error === undefined ? resolve() : reject(new Error('The broker has it not.')),
          ),
        );
        await within(patience, 'The broker does not confirm.', confirmation);
        this.confirmed += 1;
        return;
      } catch {
        // Once more.
      }
    }
  }

  async close(): Promise<void> {
    this.over = true;
    await this.connection?.close().catch(() => undefined);
  }

  private open(): Promise<ConfirmChannel> {
    this.opening ??= this.connect().catch((error: unknown) => {
      this.opening = null;
      throw error;
    });
    return this.opening;
  }

  private async connect(): Promise<ConfirmChannel> {
    const connection = await connect(this.url, { timeout: patience });
    const forget = (): void => {
      if (this.connection !== connection) return;
      this.connection = null;
      this.opening = null;
      connection.close().catch(() => undefined);
    };
    connection.on('error', () => undefined);
    connection.on('close', forget);
    this.connection = connection;
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => undefined);
    channel.on('close', forget);
    // What is sent to a queue that is not there is confirmed, and thrown away.
    await channel.assertQueue(this.queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    return channel;
  }
}
