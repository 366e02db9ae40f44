import type { PublishMessageResponse } from '@xflow/schemas';
import type { BatchContext } from './batch-context.js';
import { addressOf, group, onePerInstance, type Publication } from './correlation.js';
import type { PublishOrder, QueuedRequest } from './request.js';
import { findEventStarts } from './sql/find-event-starts.js';
import { findMessages } from './sql/find-messages.js';
import { findSubscriptions, type OpenSubscription } from './sql/find-subscriptions.js';
import { inOrder } from './sql/in-order.js';
import type { InstanceRow } from './sql/lock-instances.js';
import { lockReceivers } from './sql/lock-receivers.js';
import { storedFormat } from './stored-format.js';

type Publish = QueuedRequest<PublishOrder>;

/**
 * Messages whose receivers the batch that accepts them can lock at once: they are moved by it, and no command needs to be written, found, and taken
 * by another batch. All others (somebody else holds a receiver, nobody waits, the message also starts instances) go the way of correlation.ts at the
 * end of the batch, and so do those whose receivers turn out to wait no more.
 *
 * Nothing is locked here but instances, for a batch that locked correlation keys twice could deadlock with another one. Whoever begins to wait
 * at the same time comes after the message, as if it had begun a moment later. That a message with an id is delivered once is made sure under the lock of
 * its key, at the end: see `receivedBy` in correlation.ts.
 */
export class DirectDelivery {
  /** The receivers, locked: none of them suspended, or written by a newer version. */
  instances: readonly InstanceRow[] = [];
  private readonly receivers = new Map<Publish, readonly OpenSubscription[]>();
  private readonly takers = new Map<Publish, string[]>();

  constructor(private readonly batch: BatchContext) {}

  /** Finds and locks the receivers. */
  async lock(): Promise<void> {
    const orders = this.batch.requestsOf('publish');
    if (orders.length === 0) return;
    const { client } = this.batch;
    const keys = orders.map(({ request: { message } }) => ({ name: message.name, key: message.correlationKey }));
    const named = orders.flatMap(({ request: { named, message } }) =>
      named ? [{ name: message.name, key: message.correlationKey, id: message.id }] : [],
    );
    const [instances, subscriptions, known, starts] = await inOrder(
      lockReceivers(client, keys),
      findSubscriptions(client, keys),
      findMessages(client, named),
      findEventStarts(client, 'message', [...new Set(keys.map(({ name }) => name))]),
    );
    this.instances = instances.filter((row) => row.suspended_at === null && row.format <= storedFormat);
    const locked = new Set(this.instances.map((row) => row.id));
    const starting = new Set(starts.map((start) => start.message_name));
    const repeated = new Set(known.map((row) => `${row.id} ${addressOf(row.name, row.correlation_key)}`));
    const waiting = group(subscriptions, (row) => addressOf(row.message_name, row.correlation_key));
    for (const queued of orders) {
      const { message, named } = queued.request;
      const address = addressOf(message.name, message.correlationKey);
      const identity = `${message.id} ${address}`;
      const open = waiting.get(address) ?? [];
      const reachable =
        open.length > 0 &&
        open.every((row) => locked.has(row.instance_id)) &&
        !starting.has(message.name) &&
        !repeated.has(identity);
      if (named) repeated.add(identity);
      if (reachable) this.receivers.set(queued, onePerInstance(open));
    }
  }

  /**
   * Gives the messages to their receivers, after what was due for them before.
   * @param busy instances for which more is due than the batch takes: a message comes after that, from the inbox
   */
  give(busy: ReadonlySet<string>): void {
    const { faulty, work, suspension } = this.batch;
    for (const [queued, receivers] of this.receivers) {
      const { message } = queued.request;
      // A receiver that cannot take its step is given the message as a command, which is parked with an incident.
      const isHindered = receivers.some(
        ({ instance_id: id }) => faulty.has(id) || busy.has(id) || suspension.keepsFrom(id, 'message'),
      );
      if (isHindered) continue;
      const takers: string[] = [];
      this.takers.set(queued, takers);
      for (const { id, instance_id } of receivers) {
        const input = { kind: 'message', subscriptionId: id, variables: message.variables } as const;
        this.batch.give(instance_id, {
          input: { ...input, at: work.at },
          source: { id: `message ${message.id}`, attempts: 0, payload: { input, message } },
          applied: (changed) => {
            if (changed) takers.push(instance_id);
          },
        });
      }
    }
  }

  /** What is left to be done for the messages, once the instances have been advanced. */
  publications(): Publication[] {
    return this.batch.requestsOf('publish').flatMap((queued) => {
      const { message, named } = queued.request;
      const receivedBy = this.takers.get(queued) ?? [];
      const settle = (response: PublishMessageResponse): void => {
        this.batch.settle.push(() => queued.resolve(response));
      };
      if (receivedBy.length === 0 || named) return [{ message, named, returned: false, receivedBy, settle }];
      settle({ messageId: message.id, outcome: 'correlated', instanceIds: receivedBy });
      return [];
    });
  }
}
