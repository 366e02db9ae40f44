import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { ChildServer } from './child-server.js';
import { diagram, end, process as processOf, sequence, start, task } from './diagram.js';
import { closeAfterTests } from './open-resources.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { startTestServer, type TestServer } from './test-server.js';

// Server processes start here; on a busy machine each takes its time.
jest.setTimeout(120_000);

/** The outside world: it keeps the calls that jobs make waiting until it is told to answer. */
class Outside {
  readonly calls: { readonly key: string; readonly answer: (body: object) => void }[] = [];
  private readonly told: (() => void)[] = [];
  readonly server: Server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const key = String(request.headers['idempotency-key']);
    const answer = (body: object): void => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    this.calls.push({ key, answer });
    for (const resolve of this.told.splice(0)) resolve();
  });

  async called(times: number): Promise<void> {
    while (this.calls.length < times) await new Promise<void>((resolve) => this.told.push(resolve));
  }
}

describe('a job whose server dies, or hangs, in the middle of it', () => {
  let outside: Outside;
  let database: TestDatabase;
  let other: TestServer;
  beforeAll(async () => {
    process.env['XFLOW_HTTP_ALLOW'] = '127.0.0.1/32';
    outside = new Outside();
    await new Promise<void>((resolve) => outside.server.listen(0, '127.0.0.1', resolve));
    closeAfterTests(async () => {
      outside.server.closeAllConnections();
      await new Promise((resolve) => outside.server.close(resolve));
    });
    database = await createTestDatabase();
  });
  afterAll(() => {
    delete process.env['XFLOW_HTTP_ALLOW'];
  });

  /** A job under way in a process of its own, while another server runs on the same database. */
  async function begin(key: string): Promise<{ child: ChildServer; id: string }> {
    outside.calls.length = 0;
    const child = await ChildServer.start(database.url);
    const { port } = outside.server.address() as AddressInfo;
    const call = task('call', 'http-call', { url: `http://127.0.0.1:${port}/`, method: 'POST' });
    await child.api.createUsers('ann');
    await child.api.deploy(diagram(processOf(key, sequence(start, call, end))));
    const id = await child.api.start(key, 'ann');
    await outside.called(1);
    other ??= await startTestServer({ database });
    return { child, id };
  }

  /** The other server finds the lease over, and does the job; here it has an answer. */
  async function takeOver(id: string): Promise<void> {
    const advanced = other.api.advance('PT20S');
    await outside.called(2);
    outside.calls[1]!.answer({ by: 'other' });
    await advanced;
    expect(await other.api.status(id)).toMatchObject({
      status: 'completed',
      variables: { result: { status: 200, body: { by: 'other' } } },
    });
    expect(new Set(outside.calls.map(({ key }) => key)).size).toBe(1);
  }

  it('is done by another server when its lease is over, with the same idempotency key', async () => {
    const { child, id } = await begin('killed');
    // The other one is there already: what it takes over are leases that end, and not those of the dead at its start.
    await child.kill();
    await takeOver(id);
  });

  it('counts once when its first server wakes up, and is done with it, too', async () => {
    const { child, id } = await begin('hung');
    child.stop();
    await takeOver(id);
    const revision = async (): Promise<unknown> =>
      (await database.pool.query('SELECT revision, status FROM instance WHERE id = $1', [id])).rows[0];
    const before = await revision();
    child.wake();
    outside.calls[0]!.answer({ by: 'zombie' });
    await child.api.rest();
    expect(await revision()).toEqual(before);
    expect(await other.api.status(id)).toMatchObject({ variables: { result: { body: { by: 'other' } } } });
    await child.kill();
  });
});
