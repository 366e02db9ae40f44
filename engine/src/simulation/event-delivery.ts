import type { Definition, StartEvent } from '../definition.js';
import type { OpenSubscriptionEffect } from '../effect.js';
import type { Variables } from '../json.js';
import { ConditionalStarts } from './conditional-starts.js';
import { MessageBoard, type SimulatedMessage, type Subscriber } from './message-board.js';
import type { Runner } from './runner.js';
import { SignalBoard } from './signal-board.js';
import type { InstanceRecord } from './simulated-instance.js';

/** Brings messages, signals and changes of users to the instances that wait for them, and to start events. */
export class EventDelivery {
  private readonly messages = new MessageBoard();
  private readonly signals = new SignalBoard();
  /** Who waits for changes of a user. */
  private readonly watchers = new SignalBoard();
  private readonly conditionalStarts: ConditionalStarts;

  constructor(
    private readonly runner: Pick<Runner, 'definitions' | 'population' | 'now' | 'record' | 'start' | 'feed'>,
  ) {
    this.conditionalStarts = new ConditionalStarts(runner.definitions.values());
  }

  /** An instance begins to wait; a message that has waited for it since before is delivered. */
  open(record: InstanceRecord, effect: OpenSubscriptionEffect): void {
    const { subscriptionId, elementId, messageName, correlationKey } = effect;
    const subscriber = { instanceId: record.state.instanceId, subscriptionId, elementId };
    switch (effect.event) {
      case 'user':
        this.watchers.subscribe(subscriber, correlationKey);
        break;
      case 'signal':
        this.signals.subscribe(subscriber, messageName);
        break;
      case 'message': {
        const message = this.messages.subscribe(subscriber, messageName, correlationKey, this.runner.now);
        if (message !== null) this.deliver(record, subscriptionId, message);
      }
    }
  }

  close(instanceId: string, subscriptionId: string): void {
    this.messages.unsubscribe(instanceId, subscriptionId);
    this.signals.unsubscribe(instanceId, subscriptionId);
    this.watchers.unsubscribe(instanceId, subscriptionId);
  }

  /** To all who wait for it and to message start events; else kept for one who subscribes before `until`. */
  message(message: SimulatedMessage, until: number): void {
    const { runner } = this;
    const receivers = new Map<string, Subscriber>();
    // An instance that waits twice takes it where it has waited longer.
    for (const waiting of this.messages.waitingFor(message))
      if (!receivers.has(waiting.instanceId)) receivers.set(waiting.instanceId, waiting);
    let taken = receivers.size > 0;
    const reached = new Set<string>();
    for (const { instanceId, subscriptionId } of receivers.values()) {
      const record = runner.record(instanceId);
      reached.add(record.definition.key);
      this.deliver(record, subscriptionId, message);
    }
    if (runner.population.has(message.key))
      for (const definition of runner.definitions.values())
        for (const startEvent of definition.startEvents)
          if (
            startEvent.kind === 'message' &&
            startEvent.messageName === message.name &&
            !reached.has(definition.key)
          ) {
            taken = true;
            const { variables } = message;
            runner.start(definition, message.key, { ...startOf(startEvent), ...(variables ? { variables } : {}) });
          }
    if (!taken) this.messages.buffer(message, until);
  }

  /** Who waits for the signal now. */
  hearersOf(signalName: string): readonly Subscriber[] {
    return this.signals.waitingFor(signalName);
  }

  /**
   * To all who waited when the signal was thrown, and to signal start events; their instances are their own subjects. What waits for it as
   * one of the events of a parallel multiple start event takes it, instead of another instance.
   */
  signal(name: string, variables: Variables | undefined, reached: readonly Subscriber[]): void {
    const { runner } = this;
    const brought = variables === undefined ? {} : { variables };
    const begun = new Set(
      reached.map(({ instanceId, elementId }) => startKey(runner.record(instanceId).definition, elementId)),
    );
    for (const { instanceId, subscriptionId } of reached)
      runner.feed(runner.record(instanceId), { kind: 'signal', at: runner.now, subscriptionId, ...brought });
    for (const definition of runner.definitions.values())
      for (const startEvent of definition.startEvents)
        if (
          startEvent.kind === 'signal' &&
          startEvent.signalName === name &&
          !(startEvent.part !== undefined && begun.has(startKey(definition, startEvent.id)))
        )
          runner.start(definition, null, { ...startOf(startEvent), ...brought });
  }

  /** To the conditions that wait for a change of the user, and to conditional start events that it makes true. */
  userChange(userId: string): void {
    const { runner } = this;
    for (const { instanceId, subscriptionId } of this.watchers.waitingFor(userId))
      runner.feed(runner.record(instanceId), { kind: 'user-changed', at: runner.now, subscriptionId });
    if (!runner.population.has(userId)) return;
    for (const { definition, start } of this.conditionalStarts.metBy(userId, runner.population, runner.now))
      runner.start(definition, userId, startOf(start));
  }

  private deliver(record: InstanceRecord, subscriptionId: string, { variables }: SimulatedMessage): void {
    const brought = variables ? { variables } : {};
    this.runner.feed(record, { kind: 'message', at: this.runner.now, subscriptionId, ...brought });
  }
}

const startKey = ({ key }: Definition, elementId: string) => JSON.stringify([key, elementId]);

const startOf = (event: Exclude<StartEvent, { kind: 'none' | 'timer' }>) => ({
  startEventId: event.id,
  ...(event.part === undefined ? {} : { startEventPart: event.part }),
});
