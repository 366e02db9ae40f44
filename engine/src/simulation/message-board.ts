import type { Variables } from '../json.js';

export interface SimulatedMessage {
  readonly name: string;
  readonly key: string;
  readonly variables?: Variables;
}
export interface Subscriber {
  readonly instanceId: string;
  readonly subscriptionId: string;
  readonly elementId: string;
}

/** Open subscriptions and the messages that nobody waited for, by name and correlation key. */
export class MessageBoard {
  private readonly subscribers = new Map<string, Map<string, Subscriber>>();
  private readonly buffered = new Map<string, { readonly message: SimulatedMessage; readonly until: number }[]>();
  private readonly places = new Map<string, string>();

  /** Opens a subscription. A message that has waited for it since before is taken and returned. */
  subscribe(subscriber: Subscriber, name: string, key: string, at: number): SimulatedMessage | null {
    const place = placeOf(name, key);
    const there = this.subscribers.get(place) ?? new Map<string, Subscriber>();
    const id = idOf(subscriber.instanceId, subscriber.subscriptionId);
    this.subscribers.set(place, there.set(id, subscriber));
    this.places.set(id, place);
    const waiting = (this.buffered.get(place) ?? []).filter(({ until }) => until > at);
    const first = waiting.shift();
    this.buffered.set(place, waiting);
    return first?.message ?? null;
  }

  unsubscribe(instanceId: string, subscriptionId: string): void {
    const id = idOf(instanceId, subscriptionId);
    const place = this.places.get(id);
    if (place === undefined) return;
    this.places.delete(id);
    this.subscribers.get(place)?.delete(id);
  }

  /** Who waits for the message, in the order of subscribing. */
  waitingFor({ name, key }: SimulatedMessage): readonly Subscriber[] {
    return [...(this.subscribers.get(placeOf(name, key))?.values() ?? [])];
  }

  /** Keeps the message for one who subscribes before `until`. */
  buffer(message: SimulatedMessage, until: number): void {
    const place = placeOf(message.name, message.key);
    this.buffered.set(place, [...(this.buffered.get(place) ?? []), { message, until }]);
  }
}

const placeOf = (name: string, key: string) => JSON.stringify([name, key]);
const idOf = (instanceId: string, subscriptionId: string) => JSON.stringify([instanceId, subscriptionId]);
