import type { PublishMessageRequest } from '@xflow/schemas';
import { jsonBoundsProblems } from '../http-problems/json-bounds.js';
import { readMessage } from '../messages/read-message.js';
import { BadLine } from '../ndjson/read-bulk.js';
import { userEventRow, type UserEventRow } from '../user-events/user-event-row.js';

/** What came from a stream: bytes of JSON, and the id that the stream gives them. */
export interface Delivery {
  readonly body: Buffer;
  /** Null: none. */
  readonly id: string | null;
  /** Why the stream itself could not read it: whole sentences; absent: it could. */
  readonly unreadable?: string | undefined;
}

export type Incoming =
  | { readonly kind: 'event'; readonly row: UserEventRow }
  | { readonly kind: 'message'; readonly message: PublishMessageRequest };

/** Header that tells, of what can never be taken in, why. */
export const reasonHeader = 'x-xflow-reason';

const maxBytes = 256 * 1024;

/**
 * Reads `{ "kind": "event", ... }` (as POST /api/events) or `{ "kind": "message", ... }` (as POST /api/messages). Either needs an id,
 * its own or that of the stream, for streams deliver more than once.
 * @returns what it says; or why it can never be taken in, in whole sentences
 */
export async function readDelivery({ body, id, unreadable }: Delivery): Promise<Incoming | BadLine> {
  if (unreadable !== undefined) return new BadLine(unreadable);
  if (body.length > maxBytes) return new BadLine(`The body is larger than ${maxBytes / 1024} KB. Send less at once.`);
  const value = parse(body);
  if (value instanceof BadLine) return value;
  const [problem] = jsonBoundsProblems(value);
  if (problem) return new BadLine(`${problem.field ?? '$'}: ${problem.message} ${problem.remedy}`);
  const { kind, ...content } = value;
  if (kind === 'event') {
    const row = userEventRow(id === null ? content : { id, ...content });
    if (row instanceof BadLine) return row;
    return row.id === null ? withoutId('id') : { kind, row };
  }
  if (kind === 'message') {
    const message = await readMessage(id === null ? content : { messageId: id, ...content });
    if (message instanceof BadLine) return message;
    return message.messageId === undefined ? withoutId('messageId') : { kind, message };
  }
  return new BadLine('kind must be "event" or "message". Say what it is.');
}

function parse(body: Buffer): Readonly<Record<string, unknown>> | BadLine {
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  return new BadLine('The body is no JSON object in UTF-8. Send one.');
}

const withoutId = (field: string): BadLine =>
  new BadLine(
    `It has no id, by which a repeated delivery is recognised. Send ${field}, or the id of the stream's message.`,
  );
