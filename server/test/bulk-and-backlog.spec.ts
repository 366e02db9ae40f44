import type { BulkResult, StartResponse } from '@xflow/schemas';
import { diagram, end, message, process, receive, sequence, start, wait } from './diagram.js';
import { startTestServer, type TestServer } from './test-server.js';

describe('messages in bulk', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });

  const publish = async (lines: readonly object[]): Promise<BulkResult> => {
    const response = await fetch(`${server.url}/api/messages/bulk`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: lines.map((line) => JSON.stringify(line)).join('\n'),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as BulkResult;
  };

  it('are received in the order of their lines, once for each id, and bad lines are named', async () => {
    const { api } = server;
    await api.createUsers('ann');
    const three = ['first', 'second', 'third'].map((id) => receive(id, 'order'));
    await api.deploy(diagram(message('order', 'ordered'), process('three', sequence(start, ...three, end))));
    const id = await api.start('three', 'ann');
    const line = (n: number): object => ({
      name: 'ordered',
      correlationKey: 'ann',
      messageId: `m${n}`,
      variables: { n },
    });
    const result = await publish([line(1), line(2), { name: 'ordered' }, line(2), line(3)]);
    expect(result).toMatchObject({ accepted: 3, duplicates: 1, rejectedCount: 1, rejected: [{ line: 3 }] });
    await api.rest();
    expect((await api.status(id)).status).toBe('completed');
    const received = (await api.history(id)).flatMap(({ input }) =>
      input['kind'] === 'message' ? [input['variables']] : [],
    );
    expect(received).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it('come ten thousand at a time', async () => {
    const lines = Array.from({ length: 10_000 }, (_, n) => ({ name: 'unheard', correlationKey: `k${n}` }));
    expect(await publish(lines)).toMatchObject({ accepted: 10_000, duplicates: 0, rejectedCount: 0 });
  });
});

describe('a backlog of timers', () => {
  it('does not keep requests waiting until it is worked off', async () => {
    const { api, database } = await startTestServer({ testClock: false });
    await api.createUsers('ann');
    await api.deploy(diagram(process('late', sequence(start, wait('nap', 'P1D'), end))));
    const users = Array.from({ length: 6_000 }, () => ({ userId: 'ann' }));
    await api.ok<StartResponse>('POST', '/workflows/late/start', { users });
    const waiting = async (): Promise<number> =>
      (
        await database.pool.query<{ count: number }>(
          `SELECT count(*)::int AS count FROM command WHERE kind = 'timer-due'`,
        )
      ).rows[0]!.count;
    while ((await waiting()) < users.length);
    await database.pool.query('UPDATE command SET due_at = now()');
    // Makes the server look: these timers did not fall due by themselves.
    await api.publish('any', 'key', { ttlSeconds: 0 });
    let before = users.length;
    while (before === users.length) before = await waiting();
    await api.start('late', 'ann');
    const after = await waiting();
    // The timer of the new instance is one of them, too. A request waits for the batches under way, and is in the next one.
    expect(after).toBeGreaterThan(1);
    expect(before - after).toBeLessThanOrEqual(2_500);
  });

  it('of one instance is worked off in its order, a bounded number of steps in a transaction', async () => {
    const { api, database } = await startTestServer();
    await api.createUsers('ann');
    const many =
      '<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>1100</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>';
    const each = `<bpmn:subProcess id="each">${many}${sequence(start, wait('nap', 'PT1H'), '<bpmn:endEvent id="rested"/>')}</bpmn:subProcess>`;
    await api.deploy(diagram(process('crowd', sequence('<bpmn:startEvent id="begin"/>', each, end))));
    const id = await api.start('crowd', 'ann');
    await api.advance('PT1H');
    expect((await api.status(id)).status).toBe('completed');
    const { rows } = await database.pool.query<{ steps: number }>(
      'SELECT json_array_length(steps) AS steps FROM history WHERE instance_id = $1 ORDER BY revision',
      [id],
    );
    expect(rows.reduce((sum, { steps }) => sum + steps, 0)).toBe(1_101);
    expect(Math.max(...rows.map(({ steps }) => steps))).toBeLessThanOrEqual(500);
  });
});
