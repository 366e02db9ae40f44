import type { BulkResult } from '@xflow/schemas';
import type { ApiClient } from '../api-client.js';
import { type Chunk, contentOf, type Lines } from './chunk.js';
import type { Reject } from './rejects-file.js';

const inFlight = 2;
/** Milliseconds to wait for a server that is restarting. Users are merged and events have ids, so repeats are harmless. */
const patience = 60_000;

/** What became of a chunk. */
export interface SentChunk {
  readonly chunk: Chunk;
  readonly users: number;
  readonly events: number;
  readonly duplicates: number;
  /** Rows that the mapping or the server refused; each row once. */
  readonly rejects: readonly Reject[];
  /** Refused by the server beyond those that it lists. */
  readonly unlisted: number;
}

/**
 * Sends chunks, two at a time, and reports them in the order they were given. The users of a chunk go before its events, and
 * after the users of the chunk before, so that the last row of a user wins.
 */
export class BulkSender {
  #lastUsers: Promise<unknown> = Promise.resolve();
  #lastReport: Promise<void> = Promise.resolve();
  /** Why nothing more is sent. */
  #failure: { readonly error: unknown } | null = null;
  readonly #sending = new Set<Promise<void>>();

  constructor(
    readonly client: ApiClient,
    readonly columns: readonly string[] | null,
    readonly report: (sent: SentChunk) => Promise<void>,
  ) {}

  /** Waits until there is room; rejects when a chunk could not be delivered. */
  async send(chunk: Chunk): Promise<void> {
    await this.#waitUntil(() => this.#sending.size < inFlight);
    const users = this.#lastUsers.then(() => this.#post('/users/bulk', chunk.users));
    this.#lastUsers = users;
    const sent = users.then(async (usersResult) =>
      this.#merge(chunk, usersResult, await this.#post('/events/bulk', chunk.events)),
    );
    const reported = Promise.all([sent, this.#lastReport]).then(([result]) => this.report(result));
    this.#lastReport = reported;
    const done = reported.then(() => void this.#sending.delete(done));
    this.#sending.add(done);
    // Whoever waits next sees the failure; until then it must not count as unhandled.
    for (const promise of [users, sent, reported, done])
      promise.catch((error: unknown) => (this.#failure ??= { error }));
  }

  /** Waits for everything that was sent; rejects when a chunk could not be delivered. */
  async drain(): Promise<void> {
    await this.#waitUntil(() => this.#sending.size === 0);
  }

  /** Waits until nothing is under way any more, however it ended. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#sending);
  }

  async #waitUntil(met: () => boolean): Promise<void> {
    while (!met() && !this.#failure) await Promise.race(this.#sending).catch(() => undefined);
    if (this.#failure) throw this.#failure.error;
  }

  async #post(path: string, lines: Lines): Promise<BulkResult> {
    if (this.#failure) throw this.#failure.error;
    if (lines.count === 0) return { accepted: 0, duplicates: 0, rejected: [], rejectedCount: 0 };
    return this.client.request<BulkResult>({
      method: 'POST',
      path,
      body: lines.toString(),
      contentType: 'application/x-ndjson',
      retryFor: patience,
    });
  }

  #merge(chunk: Chunk, users: BulkResult, events: BulkResult): SentChunk {
    const rejects = new Map(chunk.rejects.map((reject) => [reject.line, reject]));
    for (const [lines, result] of [
      [chunk.users, users],
      [chunk.events, events],
    ] as const) {
      for (const { line, reason } of result.rejected) {
        const source = lines.sources[line - 1];
        if (source === undefined || rejects.has(source.line)) continue;
        rejects.set(source.line, { line: source.line, reason, row: contentOf(source, this.columns) });
      }
    }
    return {
      chunk,
      users: users.accepted,
      events: events.accepted,
      duplicates: events.duplicates,
      rejects: [...rejects.values()].sort((a, b) => a.line - b.line),
      unlisted: [users, events].reduce((sum, result) => sum + result.rejectedCount - result.rejected.length, 0),
    };
  }
}
