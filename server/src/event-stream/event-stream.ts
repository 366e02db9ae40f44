import type { Delivery } from './incoming.js';

/** A delivery that its broker keeps until it is settled. */
export interface StreamDelivery extends Delivery {
  /** Whether it is this server's to settle: not any more when the connection is lost, or the broker gives it to another server. */
  isHeld(): boolean;
  /** It is durable here, and the broker may let go of it. */
  acknowledge(): void;
  /** Puts it where what can never be taken in goes, with the reason, and lets go of it when the broker has it there. */
  putAside(reason: string): Promise<void>;
}

/** Whom a stream gives its deliveries, and tells how it fares. */
export interface StreamTaker {
  /**
   * Resolves when every delivery is settled or not held any more, or the server stops. A stream gives further ones of the same order after that,
   * and holds no more than it can keep in memory until then.
   */
  take(deliveries: readonly StreamDelivery[]): Promise<void>;
  /** The broker is there. */
  reached(): void;
  /** The broker is away, and is tried again. */
  lost(error: unknown): void;
}

/** What a broker is to the server. A folder beside this file holds one of them; event-stream.module.ts lists them. */
export interface EventStream {
  /** As people call it. */
  readonly name: string;
  /** Begins to give deliveries. Does not wait for the broker: the server serves without it. */
  open(taker: StreamTaker): Promise<void>;
  /** Gives nothing more; resolves when what was settled is known to the broker, and what was not goes back to it. */
  close(): Promise<void>;
}
