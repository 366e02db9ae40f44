import { compile } from '@xflow/engine';
import { Pool, type PoolClient } from 'pg';
import { runBatch, type BatchServices, type BatchWork } from '../src/runner/batch.js';
import type { DefinitionCache } from '../src/runner/definition-cache.js';
import { newInstanceId } from '../src/runner/instance-id.js';
import { AnswerRegistry } from '../src/runner/question-answerer.js';
import type { RunnerRequest } from '../src/runner/request.js';
import { inTransaction } from '../src/runner/transaction.js';
import { diagram, end, message, process, receive, sequence, start } from './diagram.js';
import { createTestDatabase } from './test-database.js';

/** Sends the statements of one connection one by one, each when it is told to. */
class SteppedConnection {
  private readonly waiting: (() => Promise<unknown>)[] = [];
  private arrived: () => void = () => undefined;
  private running: Promise<unknown> | null = null;
  private over = false;

  constructor(
    private readonly client: PoolClient,
    private readonly observer: Pool,
    private readonly pid: number,
  ) {}

  static async open(pool: Pool): Promise<SteppedConnection> {
    const client = await pool.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return new SteppedConnection(client, pool, rows[0]!.pid);
  }

  /** As a pool that hands out this connection only. */
  get pool(): Pool {
    const query = (...args: unknown[]): Promise<unknown> =>
      new Promise((resolve, reject) => {
        this.waiting.push(async () => {
          const sent = (this.client.query as (...all: unknown[]) => Promise<unknown>).apply(this.client, args);
          await sent.then(resolve, reject);
        });
        this.arrived();
      });
    const release = (): void => {
      this.over = true;
      this.client.release();
      this.arrived();
    };
    return { connect: () => Promise.resolve({ query, release }) } as unknown as Pool;
  }

  /** Sends the next statement, and waits until it is answered, or waits for a lock. `over`: there is none any more. */
  async step(): Promise<'answered' | 'blocked' | 'over'> {
    if (this.running === null) {
      while (this.waiting.length === 0 && !this.over) await new Promise<void>((resolve) => (this.arrived = resolve));
      const send = this.waiting.shift();
      if (!send) return 'over';
      this.running = send();
    }
    let answered = false;
    void this.running.then(() => (answered = true));
    // Asked twice after it was seen to wait: the answer may have been on its way.
    while (!answered)
      if ((await this.isBlocked()) && !answered && (await this.isBlocked()) && !answered) return 'blocked';
    this.running = null;
    return 'answered';
  }

  private async isBlocked(): Promise<boolean> {
    const { rows } = await this.observer.query<{ wait: string | null }>(
      'SELECT wait_event_type AS wait FROM pg_stat_activity WHERE pid = $1',
      [this.pid],
    );
    return rows[0]?.wait === 'Lock';
  }
}

describe('a message that is published while its subscription is being opened', () => {
  let pool: Pool;
  let services: BatchServices;
  beforeAll(async () => {
    const database = await createTestDatabase();
    pool = database.pool;
    const xml = diagram(message('m', 'ordered'), process('waits', sequence(start, receive('order', 'm'), end)));
    const compiled = await compile(xml);
    if (!compiled.ok) throw new Error('Expected the diagram to compile.');
    services = {
      definitions: { get: () => Promise.resolve(compiled.definitions[0]!) } as unknown as DefinitionCache,
      answers: new AnswerRegistry(),
      announce: () => Promise.resolve(),
      foundMore: () => undefined,
    };
    await pool.query(`INSERT INTO user_profile (subject_id, created_at, updated_at) VALUES ('ann', now(), now())`);
    await pool.query(`INSERT INTO deployment VALUES (gen_random_uuid(), '', '', now())`);
    await pool.query(`INSERT INTO definition SELECT 'waits', 1, id, 'waits', now() FROM deployment`);
  });

  const work = (request: RunnerRequest | null): BatchWork => ({
    requests: request ? [{ request, resolve: () => undefined, reject: () => undefined, attempts: 0, queuedAt: 0 }] : [],
    commands: request ? 0 : 10,
    at: Date.now(),
    faulty: new Map(),
  });
  const run = (on: Pool, request: RunnerRequest | null): Promise<unknown> =>
    inTransaction(on, (client) => runBatch(services, client, work(request)));

  const opening = (instanceId: string): RunnerRequest => ({
    kind: 'start',
    instanceId,
    workflowKey: 'waits',
    version: null,
    startEvent: null,
    subjectId: 'ann',
    variables: {},
    businessKey: null,
    idempotency: null,
  });
  const publishing = (id: string): RunnerRequest => {
    const now = Date.now();
    const times = { publishedAt: now, expiresAt: now + 3_600_000, keptUntil: now + 3_600_000 };
    return {
      kind: 'publish',
      named: true,
      message: { id, name: 'ordered', correlationKey: 'ann', variables: {}, ...times },
    };
  };

  /** Lets the opener send so many statements, then the publisher so many, then one of them all, then the other. Returns how many there were. */
  async function interleave(
    opener: number,
    publisher: number,
    first: 'opener' | 'publisher',
  ): Promise<{ opener: number; publisher: number }> {
    const instanceId = newInstanceId(Date.now());
    const connections = { opener: await SteppedConnection.open(pool), publisher: await SteppedConnection.open(pool) };
    const batches = Promise.all([
      run(connections.opener.pool, opening(instanceId)),
      run(connections.publisher.pool, publishing(instanceId)),
    ]);
    const sent = { opener: 0, publisher: 0 };
    const send = async (who: 'opener' | 'publisher', most: number): Promise<'over' | 'blocked' | 'more'> => {
      for (let count = 0; count < most; count++) {
        const outcome = await connections[who].step();
        if (outcome !== 'answered') return outcome;
        sent[who] += 1;
      }
      return 'more';
    };
    await send('opener', opener);
    await send('publisher', publisher);
    const second = first === 'opener' ? 'publisher' : 'opener';
    // One that waits for a lock goes on when the other is over.
    while ((await send(first, Infinity)) === 'blocked') await send(second, Infinity);
    await send(second, Infinity);
    await batches;
    await run(pool, null);
    const { rows } = await pool.query<{ status: string; messages: number; buffered: number }>(
      `SELECT status, (SELECT count(*)::int FROM history h, json_array_elements(h.steps) s
         WHERE h.instance_id = i.id AND s->'input'->>'kind' = 'message') AS messages,
         (SELECT count(*)::int FROM message WHERE buffered) AS buffered
       FROM instance i WHERE id = $1`,
      [instanceId],
    );
    expect({ opener, publisher, first, ...rows[0] }).toEqual({
      opener,
      publisher,
      first,
      status: 'completed',
      messages: 1,
      buffered: 0,
    });
    return sent;
  }

  it('is received once, wherever the statements of the two batches fall between each other', async () => {
    const sent = await interleave(100, 100, 'opener');
    expect(sent.opener).toBeGreaterThan(6);
    expect(sent.publisher).toBeGreaterThan(5);
    for (let opener = 1; opener < sent.opener; opener++)
      for (let publisher = 1; publisher < sent.publisher; publisher++)
        await interleave(opener, publisher, (opener + publisher) % 2 === 0 ? 'opener' : 'publisher');
  });
});
