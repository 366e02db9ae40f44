import type { Subscriber } from './message-board.js';

/**
 * Open subscriptions of what everyone hears: of signals by their name, of changes of a user by the user's id. A signal reaches who waits when it is
 * broadcast, and nobody later (BPMN 2.0.2, 10.5.1).
 */
export class SignalBoard {
  private readonly subscribers = new Map<string, Map<string, Subscriber>>();
  private readonly names = new Map<string, string>();

  subscribe(subscriber: Subscriber, name: string): void {
    const there = this.subscribers.get(name) ?? new Map<string, Subscriber>();
    const id = idOf(subscriber.instanceId, subscriber.subscriptionId);
    this.subscribers.set(name, there.set(id, subscriber));
    this.names.set(id, name);
  }

  unsubscribe(instanceId: string, subscriptionId: string): void {
    const id = idOf(instanceId, subscriptionId);
    const name = this.names.get(id);
    if (name === undefined) return;
    this.names.delete(id);
    this.subscribers.get(name)?.delete(id);
  }

  /** Who waits for the signal, in the order of subscribing. */
  waitingFor(name: string): readonly Subscriber[] {
    return [...(this.subscribers.get(name)?.values() ?? [])];
  }
}

const idOf = (instanceId: string, subscriptionId: string) => JSON.stringify([instanceId, subscriptionId]);
