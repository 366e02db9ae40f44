import { jest } from '@jest/globals';
import { compile, type Definition } from '@xflow/engine';
import { Pool, type PoolClient } from 'pg';
import { runBatch } from '../src/runner/batch.js';
import type { BatchServices, BatchWork } from '../src/runner/batch-context.js';
import type { DefinitionCache } from '../src/runner/definition-cache.js';
import { newInstanceId } from '../src/runner/instance-id.js';
import { AnswerRegistry } from '../src/runner/question-answerer.js';
import type { RunnerRequest } from '../src/runner/request.js';
import { inTransaction, isConflict } from '../src/runner/transaction.js';
import { diagram, end, message, process, receive, sequence, start } from './diagram.js';
import { createTestDatabase } from './test-database.js';

// Every order of two batches' statements is played; on a busy machine they take their time.
jest.setTimeout(180_000);

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

describe('a message whose publication meets another batch', () => {
  let pool: Pool;
  let services: BatchServices;
  beforeAll(async () => {
    const database = await createTestDatabase();
    pool = database.pool;
    const processes = [
      process('waits', sequence(start, receive('order', 'm'), end)),
      process('waits-twice', sequence(start, receive('first', 'm'), receive('second', 'm'), end)),
    ];
    const definitions = new Map<string, Definition>();
    for (const content of processes) {
      const compiled = await compile(diagram(message('m', 'ordered'), content));
      if (!compiled.ok) throw new Error('Expected the diagram to compile.');
      for (const definition of compiled.definitions) definitions.set(definition.key, definition);
    }
    services = {
      definitions: { get: (key: string) => Promise.resolve(definitions.get(key)!) } as unknown as DefinitionCache,
      answers: new AnswerRegistry(),
      callForGuard: () => Promise.resolve(),
      foundMore: () => undefined,
    };
    await pool.query(`INSERT INTO user_profile (subject_id, created_at, updated_at) VALUES ('ann', now(), now())`);
    await pool.query(`INSERT INTO deployment VALUES (gen_random_uuid(), '', '', now())`);
    for (const key of definitions.keys())
      await pool.query(`INSERT INTO definition SELECT $1, 1, id, $1, now() FROM deployment`, [key]);
  });

  const work = (request: RunnerRequest | null): BatchWork => ({
    requests: request
      ? [{ request, resolve: () => undefined, reject: () => undefined, attempts: 0, misses: 0, queuedAt: 0 }]
      : [],
    commands: request ? 0 : 10,
    guarded: true,
    at: Date.now(),
    faulty: new Map(),
  });
  /** Runs a batch as the runner does: once more when it has lost against another one. */
  const run = async (on: Pool, request: RunnerRequest | null): Promise<unknown> => {
    try {
      return await inTransaction(on, (client) => runBatch(services, client, work(request)));
    } catch (error) {
      if (!isConflict(error)) throw error;
      return await run(pool, request);
    }
  };

  const opening = (instanceId: string, workflowKey = 'waits'): RunnerRequest => ({
    kind: 'start',
    instanceId,
    workflowKey,
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

  /**
   * Runs a batch for each of the requests: lets the first send so many statements, then the second so many, then `goesOn` all it has, then the other.
   * Returns how many each sent, once the runner is at rest.
   */
  async function interleave(
    requests: readonly [RunnerRequest, RunnerRequest],
    statements: readonly [number, number],
    goesOn: 0 | 1,
  ): Promise<readonly [number, number]> {
    const connections = [await SteppedConnection.open(pool), await SteppedConnection.open(pool)] as const;
    const batches = Promise.all(requests.map((request, index) => run(connections[index]!.pool, request)));
    const sent: [number, number] = [0, 0];
    const send = async (which: 0 | 1, most: number): Promise<'over' | 'blocked' | 'more'> => {
      for (let count = 0; count < most; count++) {
        const outcome = await connections[which].step();
        if (outcome !== 'answered') return outcome;
        sent[which] += 1;
      }
      return 'more';
    };
    await send(0, statements[0]);
    await send(1, statements[1]);
    const other = goesOn === 0 ? 1 : 0;
    // One that waits for a lock goes on when the other is over.
    while ((await send(goesOn, Infinity)) === 'blocked') await send(other, Infinity);
    await send(other, Infinity);
    await batches;
    await run(pool, null);
    return sent;
  }

  /**
   * Calls `check` for every way in which the statements of the two batches fall between each other, of the second one in steps of `stride`;
   * returns how many each has when the first goes first.
   */
  async function interleaveEveryWay(
    stride: number,
    check: (statements: readonly [number, number], goesOn: 0 | 1) => Promise<readonly [number, number]>,
  ): Promise<readonly [number, number]> {
    const sent = await check([100, 100], 0);
    for (let first = 1; first < sent[0]; first++)
      for (let second = 1 + (first % stride); second < sent[1]; second += stride)
        await check([first, second], (first + second) % 2 === 0 ? 0 : 1);
    return sent;
  }

  async function receivedBy(instanceId: string): Promise<unknown> {
    const { rows } = await pool.query(
      `SELECT status, (SELECT count(*)::int FROM history h, json_array_elements(h.steps) s
         WHERE h.instance_id = i.id AND s->'input'->>'kind' = 'message') AS messages,
         (SELECT count(*)::int FROM message WHERE buffered) AS buffered
       FROM instance i WHERE id = $1`,
      [instanceId],
    );
    return rows[0];
  }

  it('is received once where its subscription is being opened', async () => {
    const sent = await interleaveEveryWay(2, async (statements, goesOn) => {
      const instanceId = newInstanceId(Date.now());
      const sent = await interleave([opening(instanceId), publishing(instanceId)], statements, goesOn);
      const received = await receivedBy(instanceId);
      expect({ statements, goesOn, received }).toEqual({
        statements,
        goesOn,
        received: { status: 'completed', messages: 1, buffered: 0 },
      });
      return sent;
    });
    expect(sent[0]).toBeGreaterThan(6);
    expect(sent[1]).toBeGreaterThan(5);
  });

  it('is received once where it is published twice', async () => {
    const sent = await interleaveEveryWay(3, async (statements, goesOn) => {
      const instanceId = newInstanceId(Date.now());
      await run(pool, opening(instanceId, 'waits-twice'));
      const sent = await interleave([publishing(instanceId), publishing(instanceId)], statements, goesOn);
      const received = await receivedBy(instanceId);
      expect({ statements, goesOn, received }).toEqual({
        statements,
        goesOn,
        received: { status: 'active', messages: 1, buffered: 0 },
      });
      await run(pool, publishing(`${instanceId} again`));
      return sent;
    });
    expect(sent[0]).toBeGreaterThan(5);
  });
});
