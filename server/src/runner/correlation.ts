import { randomUUID } from 'node:crypto';
import type { PublishMessageResponse } from '@xflow/schemas';
import type { PoolClient } from 'pg';
import type { BatchRows } from './batch-rows.js';
import type { PublishedMessage } from './command.js';
import { newInstanceId } from './instance-id.js';
import { OvertakenError } from './overtaken-error.js';
import { findEventStarts, startedBy, type EventStart } from './sql/find-event-starts.js';
import { findMessages, type KnownMessage } from './sql/find-messages.js';
import { findSubscriptions, type OpenSubscription } from './sql/find-subscriptions.js';
import { findUsers } from './sql/find-users.js';
import { inOrder } from './sql/in-order.js';
import type { SubscriptionRow } from './sql/insert-subscriptions.js';
import { lockCorrelationKeys } from './sql/lock-correlation-keys.js';
import type { MessageRow } from './sql/save-messages.js';
import { toTimestamp } from './sql/statement.js';
import { takeBufferedMessages, type BufferedMessage, type Opener } from './sql/take-buffered-messages.js';

/** A message to publish in this batch. */
export interface Publication {
  readonly message: PublishedMessage;
  /** Whether the sender named the message, so that a repeat can be told. */
  readonly named: boolean;
  /** It found a receiver before, which waits no more: it starts nothing, and is no repeat of itself. */
  readonly returned: boolean;
  /** Instances that have taken it in this batch already (direct-delivery.ts); then only its id is left to be remembered. */
  readonly receivedBy: readonly string[];
  readonly settle: (response: PublishMessageResponse) => void;
}

/**
 * Brings messages and those who wait for them together: what is published in this batch, and what is buffered for the
 * subscriptions that the batch has opened. A match becomes a command in the inbox of the receiver; a receiver that waits no more
 * when its turn comes sends the message back here (`returned`), so that none is lost.
 *
 * A message goes to every instance that waits for its name and key, and starts every workflow with a message start event of
 * its name of which it has not found a waiting instance; the instance is then the user's whose id is the correlation key. Only
 * where there is neither, it is buffered until it expires. Expects the subscriptions of the batch to be written.
 */
export async function correlate(
  client: PoolClient,
  at: number,
  rows: BatchRows,
  publications: readonly Publication[],
): Promise<void> {
  const opened = [...rows.subscriptions.values()].filter(({ event }) => event === 'message');
  if (opened.length === 0 && publications.length === 0) return;
  const keys = [
    ...opened.map((row) => ({ name: row.message_name, key: row.correlation_key })),
    ...publications.map(({ message }) => ({ name: message.name, key: message.correlationKey })),
  ];
  const messages = publications.flatMap(({ message, receivedBy }) => (receivedBy.length > 0 ? [] : [message]));
  const named = publications.filter((publication) => publication.named && !publication.returned);
  const openers = toOpeners(opened);
  // The lock comes first; each statement after it sees what has been committed until then.
  const [, buffered, known, subscriptions, starts] = await inOrder(
    lockCorrelationKeys(client, keys),
    takeBufferedMessages(client, openers, at),
    findMessages(
      client,
      named.map(({ message }) => ({ name: message.name, key: message.correlationKey, id: message.id })),
    ),
    findSubscriptions(
      client,
      messages.map((message) => ({ name: message.name, key: message.correlationKey })),
    ),
    messages.length > 0 ? findEventStarts(client, 'message', [...new Set(messages.map(({ name }) => name))]) : [],
  );
  deliverBuffered(rows, opened, openers, buffered);
  if (publications.length > 0) await publish(client, at, rows, publications, { known, subscriptions, starts });
}

/** Who opened, with the turns among those who opened for the same name and key. */
function toOpeners(opened: readonly SubscriptionRow[]): Opener[] {
  const turns = new Map<string, number>();
  return opened.map((row) => {
    const address = addressOf(row.message_name, row.correlation_key);
    const turn = (turns.get(address) ?? 0) + 1;
    turns.set(address, turn);
    return { name: row.message_name, key: row.correlation_key, instance_id: row.instance_id, turn };
  });
}

function deliverBuffered(
  rows: BatchRows,
  opened: readonly SubscriptionRow[],
  openers: readonly Opener[],
  buffered: readonly (BufferedMessage & { readonly turn: number })[],
): void {
  const receivers = new Map(
    openers.map(({ turn, name, key }, index) => [`${turn} ${addressOf(name, key)}`, opened[index]!]),
  );
  for (const taken of buffered) {
    const message: PublishedMessage = {
      id: taken.id,
      name: taken.name,
      correlationKey: taken.correlation_key,
      variables: taken.variables,
      publishedAt: taken.published_at.getTime(),
      expiresAt: taken.expires_at.getTime(),
      keptUntil: taken.kept_until.getTime(),
    };
    deliver(rows, receivers.get(`${taken.turn} ${addressOf(taken.name, taken.correlation_key)}`)!, message, true);
  }
}

/** @param alone whether nobody else received the message: then it comes back if this receiver waits no more. */
function deliver(
  rows: BatchRows,
  { subject_id, instance_id, id }: { subject_id: string; instance_id: string; id: string },
  message: PublishedMessage,
  alone: boolean,
): void {
  const input = { kind: 'message', subscriptionId: id, variables: message.variables } as const;
  const payload = alone ? { input, message } : { input };
  rows.addCommand(rows.inboxCommand(subject_id, instance_id, `message ${randomUUID()}`, payload));
}

/** What the database knows about the publications. */
interface Lookups {
  readonly known: readonly KnownMessage[];
  readonly subscriptions: readonly OpenSubscription[];
  readonly starts: readonly EventStart[];
}

async function publish(
  client: PoolClient,
  at: number,
  rows: BatchRows,
  publications: readonly Publication[],
  lookups: Lookups,
): Promise<void> {
  const known = new Map<string, readonly string[]>(
    lookups.known.map((row) => [`${row.id} ${addressOf(row.name, row.correlation_key)}`, row.instance_ids]),
  );
  const subscriptions = group(lookups.subscriptions, (row) => addressOf(row.message_name, row.correlation_key));
  const starts = group(lookups.starts, (row) => row.message_name);
  const users =
    starts.size > 0
      ? await findUsers(client, [...new Set(publications.map(({ message }) => message.correlationKey))])
      : new Set();

  for (const publication of publications) {
    const { message, returned, settle } = publication;
    const address = addressOf(message.name, message.correlationKey);
    const before = publication.named && !returned ? known.get(`${message.id} ${address}`) : undefined;
    if (publication.receivedBy.length > 0) {
      if (before) throw new OvertakenError(message);
      rows.saveMessage(toRow(message, false, publication.receivedBy));
      known.set(`${message.id} ${address}`, publication.receivedBy);
      settle({ messageId: message.id, outcome: 'correlated', instanceIds: [...publication.receivedBy] });
      continue;
    }
    if (before) {
      settle({ messageId: message.id, outcome: 'duplicate', instanceIds: [...before] });
      continue;
    }
    const receivers = onePerInstance(subscriptions.get(address) ?? []);
    const startable = returned || !users.has(message.correlationKey) ? [] : (starts.get(message.name) ?? []);
    const started = startable.filter((start) => !receivers.some((row) => row.workflow_key === start.workflow_key));
    for (const row of receivers) deliver(rows, row, message, receivers.length + started.length === 1);
    const startedIds = started.map((start) => startInstance(at, rows, start, message));
    const instanceIds = [...receivers.map((row) => row.instance_id), ...startedIds];
    const buffered = instanceIds.length === 0 && message.expiresAt > at;
    if (buffered || publication.named || returned) rows.saveMessage(toRow(message, buffered, instanceIds));
    if (publication.named) known.set(`${message.id} ${address}`, instanceIds);
    const outcome =
      receivers.length > 0 ? 'correlated' : startedIds.length > 0 ? 'started' : buffered ? 'buffered' : 'dropped';
    settle({ messageId: message.id, outcome, instanceIds });
  }
}

function startInstance(at: number, rows: BatchRows, start: EventStart, message: PublishedMessage): string {
  const id = newInstanceId(at);
  const subjectId = message.correlationKey;
  const input = { kind: 'start', ...startedBy(start), variables: message.variables } as const;
  rows.addCommandedStart({
    id,
    subjectId,
    workflowKey: start.workflow_key,
    version: start.version,
    parent: null,
    businessKey: null,
    command: rows.inboxCommand(subjectId, id, 'start', { input }),
  });
  return id;
}

export const addressOf = (name: string, key: string): string => JSON.stringify([name, key]);

export function group<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = nameOf(item);
    const existing = groups.get(name);
    if (existing) existing.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}

/** An instance that waits twice for the same message takes it where it has waited longer. */
export function onePerInstance(rows: readonly OpenSubscription[]): OpenSubscription[] {
  const seen = new Set<string>();
  return rows.filter((row) => !seen.has(row.instance_id) && seen.add(row.instance_id));
}

function toRow(message: PublishedMessage, buffered: boolean, instanceIds: readonly string[]): MessageRow {
  return {
    correlation_key: message.correlationKey,
    name: message.name,
    id: message.id,
    variables: message.variables,
    buffered,
    published_at: toTimestamp(message.publishedAt),
    expires_at: toTimestamp(message.expiresAt),
    kept_until: toTimestamp(message.keptUntil),
    instance_ids: instanceIds,
  };
}
