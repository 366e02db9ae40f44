import { Injectable } from '@nestjs/common';
import { ProblemError } from '../http-problems/problem-error.js';
import { MessagesService } from '../messages/messages.service.js';
import { BadLine } from '../ndjson/read-bulk.js';
import { isRefusedData } from '../runner/transaction.js';
import { UserEventsService } from '../user-events/user-events.service.js';
import { readDelivery, type Delivery, type Incoming } from './incoming.js';

/** What became of a delivery. */
export type Taken =
  /** It is durable, or was already. */
  | { readonly kind: 'stored' }
  /** It can never be taken in. Whole sentences. */
  | { readonly kind: 'poison'; readonly reason: string }
  /** It may be taken in later. */
  | { readonly kind: 'again'; readonly error: unknown };

const stored: Taken = { kind: 'stored' };

/**
 * Takes in what comes from a stream, whichever it is: events of users with one statement, messages
 * with the runner's batches. All of it bears being delivered again.
 */
@Injectable()
export class EventIntake {
  constructor(
    private readonly events: UserEventsService,
    private readonly messages: MessagesService,
  ) {}

  /**
   * Resolves after the commits. Events come before messages. Messages of one name and correlation key keep their order, also when the first of them is
   * to be tried again: then so are the others. @returns one outcome a delivery
   */
  async take(deliveries: readonly Delivery[]): Promise<readonly Taken[]> {
    const read = await Promise.all(deliveries.map(readDelivery));
    const events = read.filter((one) => !(one instanceof BadLine) && one.kind === 'event') as EventIncoming[];
    const outcomes = new Map<Incoming, Taken>(await this.takeEvents(events));
    const last = new Map<string, Promise<Taken>>();
    for (const one of read) {
      if (one instanceof BadLine || one.kind !== 'message') continue;
      const { name, correlationKey } = one.message;
      const key = JSON.stringify([name, correlationKey]);
      const before = last.get(key) ?? Promise.resolve(stored);
      last.set(
        key,
        before.then(async (previous) => {
          const outcome = previous.kind === 'again' ? previous : await outcomeOf(this.messages.publish(one.message));
          outcomes.set(one, outcome);
          return outcome;
        }),
      );
    }
    await Promise.all(last.values());
    return read.map((one) => (one instanceof BadLine ? { kind: 'poison', reason: one.reason } : outcomes.get(one)!));
  }

  private async takeEvents(events: readonly EventIncoming[]): Promise<readonly (readonly [Incoming, Taken])[]> {
    if (events.length === 0) return [];
    const outcome = await outcomeOf(this.events.insert(events.map(({ row }) => row)));
    if (outcome.kind !== 'poison' || events.length === 1) return events.map((event) => [event, outcome]);
    // One of them spoils it for the others.
    const middle = Math.ceil(events.length / 2);
    return [...(await this.takeEvents(events.slice(0, middle))), ...(await this.takeEvents(events.slice(middle)))];
  }
}
type EventIncoming = Extract<Incoming, { kind: 'event' }>;

async function outcomeOf(work: Promise<unknown>): Promise<Taken> {
  try {
    await work;
    return stored;
  } catch (error) {
    if (error instanceof ProblemError && error.status < 500 && error.status !== 429)
      return { kind: 'poison', reason: error.detail };
    if (isRefusedData(error))
      return { kind: 'poison', reason: `The database refuses it: ${(error as Error).message}.` };
    return { kind: 'again', error };
  }
}
