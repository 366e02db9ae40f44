import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { ApiClient } from '../api-client.js';
import { importFile, type ImportOptions } from './import-file.js';
import { readMapping } from './read-mapping.js';

type Line = { id: string; userId?: string; [name: string]: unknown };

/** Keeps what arrives at the bulk routes, as the server would: users merged, events once for each id. */
class BulkServer {
  readonly users: Line[] = [];
  readonly events = new Map<string, Line>();
  inFlight = 0;
  mostInFlight = 0;
  /** Decides over a request: a status to refuse it with, or the lines to reject. */
  answer: (path: string, lines: Line[]) => number | { line: number; reason: string }[] = () => [];
  readonly #server: Server = createServer(async (request, response) => {
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    const lines = (await text(request))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    const verdict = this.answer(request.url!, lines);
    this.inFlight -= 1;
    response.setHeader('content-type', 'application/json');
    if (typeof verdict === 'number') {
      response
        .writeHead(verdict)
        .end(JSON.stringify({ title: 'Refused', status: verdict, detail: 'Refused by the test.' }));
      return;
    }
    const good = lines.filter((_, index) => !verdict.some(({ line }) => line === index + 1));
    const known = good.filter(({ id }) => request.url === '/api/events/bulk' && this.events.has(id)).length;
    for (const line of good) {
      if (request.url === '/api/users/bulk') this.users.push(line);
      else this.events.set(line.id, line);
    }
    response.end(
      JSON.stringify({
        accepted: good.length - known,
        duplicates: known,
        rejected: verdict,
        rejectedCount: verdict.length,
      }),
    );
  });

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const orders = [
  'Order,Customer,When,Quantity,Price,Note',
  'A1,7.0,2011-07-01 08:26:00,6,2.55,"two',
  'lines, one cell"',
  'A2,7.0,2011-12-01 09:00:00,-2,0.1,',
  'A3,,2011-12-01 09:00:00,1,1,',
  'A4,9,yesterday,1,1,',
  'A5,9,2011-12-02 09:00:00,many,1,',
  'A6,9,2011-12-02 09:00:00,1,1',
  'A7,9,2011-12-02 09:00:00,1,0,',
  '',
].join('\n');
const mapping = {
  user: { id: { column: 'Customer', type: 'integer' }, attributes: { mail: { template: '{user}@customers.example' } } },
  event: {
    name: 'purchase',
    at: { column: 'When', format: 'yyyy-MM-dd HH:mm:ss', zone: 'Europe/London' },
    properties: {
      quantity: { column: 'Quantity', type: 'integer' },
      amount: { product: ['Quantity', 'Price'] },
      note: 'Note',
    },
    when: { column: 'Price', operator: 'gt', value: 0 },
  },
};

describe('import', () => {
  const server = new BulkServer();
  let client: ApiClient;
  let folder: string;

  beforeAll(async () => {
    client = new ApiClient(await server.listen());
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'xflow-import-'));
    server.users.length = 0;
    server.events.clear();
    server.mostInFlight = 0;
    server.answer = () => [];
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function run(
    name: string,
    content: string | Buffer,
    source: object = mapping,
    options: Partial<ImportOptions> = {},
  ) {
    const file = join(folder, name);
    await writeFile(file, content);
    const result = readMapping(JSON.stringify(source));
    if (!result.ok) throw new Error(result.problems.join('\n'));
    const checkpoints = join(folder, 'imports');
    const all = {
      file,
      mapping: result.mapping,
      client,
      checkpoints,
      restart: false,
      rejectsFile: null,
      onProgress: () => undefined,
    };
    return importFile({ ...all, ...options });
  }

  it('sends every user once and an event for each good row', async () => {
    await run('orders.csv', orders);
    expect(server.users).toEqual([
      { id: '7', attributes: { mail: '7@customers.example' } },
      { id: '9', attributes: { mail: '9@customers.example' } },
    ]);
    expect([...server.events.values()]).toEqual([
      expect.objectContaining({
        userId: '7',
        name: 'purchase',
        // British Summer Time
        at: '2011-07-01T07:26:00.000Z',
        properties: { quantity: 6, amount: 15.3, note: 'two\nlines, one cell' },
      }),
      expect.objectContaining({
        userId: '7',
        at: '2011-12-01T09:00:00.000Z',
        properties: { quantity: -2, amount: -0.2 },
      }),
    ]);
  });

  it('counts bad rows by reason and writes them with the line they begin on', async () => {
    const rejectsFile = join(folder, 'rejects.ndjson');
    const { totals } = await run('orders.csv', orders, mapping, { rejectsFile });
    expect(totals).toEqual({
      rows: 7,
      users: 2,
      events: 2,
      duplicates: 0,
      withoutEvent: 1,
      rejected: 4,
      reasons: {
        'Customer is empty': 1,
        'When is not a time of the format yyyy-MM-dd HH:mm:ss': 1,
        'Quantity is not a whole number': 1,
        'The row has fewer cells than the header': 1,
      },
    });
    const rejects = (await readFile(rejectsFile, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(rejects).toHaveLength(4);
    expect(rejects[0]).toEqual({
      line: 5,
      reason: 'Customer is empty',
      row: { Order: 'A3', Customer: '', When: '2011-12-01 09:00:00', Quantity: '1', Price: '1', Note: '' },
    });
  });

  it('reads packed files, and gives their events the same ids', async () => {
    await run('orders.csv', orders);
    const { totals } = await run('orders.csv.gz', gzipSync(orders));
    expect(totals).toMatchObject({ events: 0, duplicates: 2 });
    // Three lines: user, 1, 2.
    const xz = Buffer.from(
      '/Td6WFoAAAFpIt42AgAhARwAAAAQz1jMAQAIdXNlcgoxCjIKAAAAABN0k+MAAR0Jk2E2ppBCmQ0BAAAAAAFZWg==',
      'base64',
    );
    await run('users.csv.xz', xz, { user: { id: 'user' } });
    expect(server.users.slice(-2)).toEqual([{ id: '1' }, { id: '2' }]);
    await expect(run('torn.csv.xz', xz.subarray(0, 40), { user: { id: 'user' } })).rejects.toThrow('cannot be read');
  });

  it('reads NDJSON, nested fields included', async () => {
    const lines = [
      '{"customer":{"id":3},"at":"2026-01-05T09:00:00+01:00","total":12.5}',
      '[1]',
      '{"customer":',
      '{}',
      '',
    ];
    const { totals } = await run('events.ndjson', lines.join('\n'), {
      user: { id: 'customer.id' },
      event: { name: 'purchase', at: 'at', id: 'order-{line}', properties: { amount: 'total' } },
    });
    expect([...server.events.values()]).toEqual([
      { id: 'order-1', userId: '3', name: 'purchase', at: '2026-01-05T08:00:00.000Z', properties: { amount: 12.5 } },
    ]);
    expect(totals.reasons).toEqual({
      'The line is not a JSON object': 1,
      'The line is not JSON': 1,
      'customer.id is empty': 1,
    });
  });

  it('tells the line of the file for rows that the server refuses', async () => {
    server.answer = (path) => (path === '/api/events/bulk' ? [{ line: 2, reason: 'Too old' }] : []);
    const { totals, firstRejects } = await run('orders.csv', orders);
    expect(totals).toMatchObject({ events: 1, rejected: 5, reasons: { 'Too old': 1 } });
    expect(firstRejects[0]).toMatchObject({ line: 4, reason: 'Too old' });
  });

  describe('of a long file', () => {
    const rows = Array.from({ length: 12_000 }, (_, n) => `${n % 3 === 0 ? '' : n % 500},2026-01-05T09:00:00Z,${n}`);
    const long = `user,at,n\n${rows.join('\n')}\n`;
    const longMapping = { user: { id: 'user' }, event: { name: 'seen', at: 'at', properties: { n: 'n' } } };

    it('goes on after the last acknowledged line when it was stopped', async () => {
      const rejectsFile = join(folder, 'rejects.ndjson');
      let requests = 0;
      server.answer = (path) => (path === '/api/events/bulk' && ++requests === 2 ? 400 : []);
      await expect(run('long.csv', long, longMapping, { rejectsFile })).rejects.toThrow('Refused by the test.');
      server.answer = () => [];
      const { totals, resumedAfter } = await run('long.csv', long, longMapping, { rejectsFile });
      expect(resumedAfter).toBe(5_001);
      expect(totals).toMatchObject({ rows: 12_000, rejected: 4_000 });
      expect(totals.events + totals.duplicates).toBe(8_000);
      expect(server.events.size).toBe(8_000);
      const lines = (await readFile(rejectsFile, 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { line: number }).line);
      expect(new Set(lines).size).toBe(4_000);
      expect(lines).toHaveLength(4_000);
    });

    it('sends nothing twice when it is run again with an id for each line', async () => {
      await run('long.csv', long, longMapping);
      expect((await run('long.csv', long, longMapping)).totals).toMatchObject({ events: 0, duplicates: 8_000 });
    });

    it('keeps two requests in flight at most', async () => {
      await run('long.csv', long, longMapping);
      expect(server.mostInFlight).toBeLessThanOrEqual(2);
    });
  });

  it('names all columns that the file lacks', async () => {
    await expect(run('orders.csv', 'id,time\n1,2\n')).rejects.toThrow(
      'The file has no column "Customer", "When", "Quantity", "Price", "Note", which the mapping names. Its columns are: id, time.',
    );
  });

  it('refuses a quote that never closes before it fills the memory', async () => {
    const endless = `user,at\n"${'x'.repeat(2_000_000)}`;
    await expect(run('endless.csv', endless, { user: { id: 'user' } })).rejects.toThrow('begins on line 2');
  });
});

describe('a mapping', () => {
  it('is checked in one pass', () => {
    const result = readMapping(
      JSON.stringify({
        format: 'xlsx',
        user: { id: { columns: 'id' }, attributes: { a: { column: 'a', type: 'date' } } },
        event: {
          at: { zone: 'Mars/Base' },
          properties: { p: { product: ['one'] } },
          when: { column: 'x', operator: '>' },
        },
      }),
    );
    expect(result.ok ? [] : result.problems.map((problem) => problem.split(' ')[0])).toEqual([
      'format',
      'user.id.columns',
      'user.id',
      'user.attributes.a.type',
      'event.name',
      'event.at.column',
      'event.at.zone',
      'event.properties.p.product',
      'event.when.operator',
    ]);
  });
});
