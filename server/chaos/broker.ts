import { connect, type ChannelModel } from 'amqplib';
import { OwnRabbit } from '../test/own-rabbit.js';
import { AmqpProxy } from './amqp-proxy.js';
import { Publisher } from './publisher.js';

/** Where servers take events and messages from. */
const queue = 'xflow';

/** A RabbitMQ of the suite's own, behind a proxy that makes failures. */
export class Broker {
  private constructor(
    private readonly rabbit: OwnRabbit,
    readonly proxy: AmqpProxy,
    readonly publisher: Publisher,
  ) {}

  static async start(): Promise<Broker> {
    const rabbit = await OwnRabbit.start();
    const proxy = await AmqpProxy.open(rabbit.port);
    return new Broker(rabbit, proxy, new Publisher(proxy.urlOf(rabbit.url), queue));
  }

  /** For the servers. */
  get environment(): Readonly<Record<string, string>> {
    return { AMQP_URL: this.proxy.urlOf(this.rabbit.url), AMQP_QUEUE: queue };
  }

  /** Kills it, and starts it again on what it has kept. */
  async restart(): Promise<void> {
    await this.rabbit.kill();
    await this.rabbit.run();
  }

  /** How many wait in the queue for a server to take them. */
  async waiting(): Promise<number> {
    return await this.ask(async (connection) => {
      const channel = await connection.createChannel();
      return (await channel.checkQueue(queue)).messageCount;
    });
  }

  /** Takes all consumers away: what they have not acknowledged waits in the queue again. Returns how many do. */
  async unacknowledged(): Promise<number> {
    this.proxy.refuse(true);
    return await this.waiting();
  }

  /** Empties the dead-letter queue. */
  async deadLetters(): Promise<readonly { readonly id: unknown; readonly reason: unknown }[]> {
    return await this.ask(async (connection) => {
      const channel = await connection.createChannel();
      const letters: { id: unknown; reason: unknown }[] = [];
      for (;;) {
        const message = await channel.get(`${queue}.dead`, { noAck: true });
        if (!message) return letters;
        const { messageId } = JSON.parse(message.content.toString()) as { messageId?: unknown };
        letters.push({ id: messageId, reason: message.properties.headers?.['x-xflow-reason'] });
      }
    });
  }

  async close(): Promise<void> {
    await this.publisher.close();
    await this.proxy.close();
    await this.rabbit.close();
  }

  private async ask<T>(question: (connection: ChannelModel) => Promise<T>): Promise<T> {
    const connection = await connect(this.rabbit.url, { timeout: 10_000 });
    connection.on('error', () => undefined);
    try {
      return await question(connection);
    } finally {
      await connection.close();
    }
  }
}
