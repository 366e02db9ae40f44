import { setTimeout as sleep } from 'node:timers/promises';
import { Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { EventIntake, Taken } from './event-intake.js';
import type { EventStream, StreamDelivery, StreamTaker } from './event-stream.js';

const firstPause = 100;
const longestPause = 10_000;
/** Characters. Brokers bound their headers. */
const longestReason = 2_000;

/**
 * Takes in what streams deliver, whichever broker they are of. A delivery is acknowledged after its commit, so that a crash brings it again, which is
 * harmless; what can never be taken in is put aside with the reason; what cannot be taken in now is tried again, later and later, and holds back what
 * comes after it.
 */
export class StreamConsumer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(StreamConsumer.name);
  private readonly stopping = new AbortController();
  /** Streams whose broker is away, and was said to be. */
  private readonly away = new Set<EventStream>();

  constructor(
    private readonly streams: readonly EventStream[],
    private readonly intake: EventIntake,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await Promise.all(this.streams.map((stream) => stream.open(this.takerFor(stream))));
  }

  /** Takes nothing more, and finishes what was taken. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.streams.map((stream) => stream.close()));
  }

  private takerFor(stream: EventStream): StreamTaker {
    return {
      take: (deliveries) => this.take(stream, deliveries),
      reached: () => this.away.delete(stream),
      lost: (error) => {
        if (this.away.has(stream) || this.stopping.signal.aborted) return;
        this.away.add(stream);
        this.logger.error(`${stream.name} cannot be reached, and is tried again: ${messageOf(error)}`);
      },
    };
  }

  private async take(stream: EventStream, deliveries: readonly StreamDelivery[]): Promise<void> {
    let open = deliveries;
    for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
      open = open.filter((delivery) => delivery.isHeld());
      if (open.length === 0 || this.stopping.signal.aborted) return;
      const outcomes = await this.intake.take(open);
      const problems = await Promise.all(open.map((delivery, index) => settle(delivery, outcomes[index]!)));
      open = open.filter((_delivery, index) => problems[index] !== null);
      if (open.length === 0 || this.stopping.signal.aborted) return;
      const [problem] = problems.filter((one) => one !== null);
      this.logger.error(`${open.length} deliveries of ${stream.name} are tried again: ${problem}`);
      await sleep(pause, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }
}

/** @returns null: settled; else why it has to be tried again */
async function settle(delivery: StreamDelivery, outcome: Taken): Promise<string | null> {
  if (outcome.kind === 'again') return messageOf(outcome.error);
  // The broker will bring it again, and it will be recognised.
  if (!delivery.isHeld()) return null;
  if (outcome.kind === 'stored') {
    delivery.acknowledge();
    return null;
  }
  try {
    await delivery.putAside(outcome.reason.slice(0, longestReason));
    return null;
  } catch (error) {
    return `It could not be put aside: ${messageOf(error)}`;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
