import { ConsoleLogger, Logger } from '@nestjs/common';
import { UnavailableError } from '../http-problems/problem-error.js';
import type { MessagesService } from '../messages/messages.service.js';
import type { UserEventsService } from '../user-events/user-events.service.js';
import { EventIntake } from './event-intake.js';
import type { StreamDelivery, StreamTaker } from './event-stream.js';
import { StreamConsumer } from './stream-consumer.js';

/** A delivery of a message that tells what became of it. */
class TestDelivery implements StreamDelivery {
  readonly became: string[] = [];
  held = true;
  readonly body: Buffer;
  constructor(
    readonly id: string,
    correlationKey: string,
    private readonly broken = 0,
  ) {
    this.body = Buffer.from(
      JSON.stringify({ kind: correlationKey === '' ? 'none' : 'message', name: 'm', correlationKey }),
    );
  }
  isHeld(): boolean {
    return this.held;
  }
  acknowledge(): void {
    this.became.push('acknowledged');
  }
  putAside(reason: string): Promise<void> {
    const tried = this.became.push(reason.slice(0, 12));
    return tried > this.broken ? Promise.resolve() : Promise.reject(new Error('no dead letters today'));
  }
}

describe('StreamConsumer', () => {
  /** Ids of the messages in the order in which they were published; each of `failing` fails once. */
  const published: string[] = [];
  const failing = new Set<string>();
  let consumer: StreamConsumer;
  let taker: StreamTaker;
  const closed: string[] = [];
  beforeEach(async () => {
    published.length = 0;
    const messages: Pick<MessagesService, 'publish'> = {
      publish: ({ messageId = '' }) => {
        if (failing.delete(messageId)) return Promise.reject(new UnavailableError('The database is away.'));
        published.push(messageId);
        return Promise.resolve({ outcome: 'stored' } as never);
      },
    };
    const intake = new EventIntake({} as UserEventsService, messages as MessagesService);
    const stream = {
      name: 'Test',
      open: (given: StreamTaker) => Promise.resolve(void (taker = given)),
      close: () => Promise.resolve(void closed.push('Test')),
    };
    consumer = new StreamConsumer([stream], intake);
    await consumer.onApplicationBootstrap();
  });
  // What is tried again is said to be, which is no news here.
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(new ConsoleLogger()));

  it('tries again what cannot be taken in now, and with it what must stay behind it', async () => {
    failing.add('a1');
    const deliveries = [new TestDelivery('a1', 'a'), new TestDelivery('a2', 'a'), new TestDelivery('b1', 'b')];
    await taker.take(deliveries);
    expect(published).toEqual(['b1', 'a1', 'a2']);
    expect(deliveries.map(({ became }) => became)).toEqual([['acknowledged'], ['acknowledged'], ['acknowledged']]);
  });

  it('puts poison aside until the broker has it there', async () => {
    const poison = new TestDelivery('p', '', 1);
    await taker.take([poison]);
    expect(poison.became).toEqual(['kind must be', 'kind must be']);
  });

  it('leaves alone what is not held any more', async () => {
    failing.add('a1');
    const lost = new TestDelivery('a1', 'a');
    const taking = taker.take([lost]);
    lost.held = false;
    await taking;
    expect(lost.became).toEqual([]);
  });

  it('stops without what cannot be taken in', async () => {
    failing.add('a1');
    const delivery = new TestDelivery('a1', 'a');
    const taking = taker.take([delivery]);
    await consumer.beforeApplicationShutdown();
    await taking;
    expect(delivery.became).toEqual([]);
    expect(closed).toEqual(['Test']);
  });
});
