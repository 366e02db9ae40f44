import type { BulkResult, User, UserHistory, UserLifecycle, UserPage } from '@xflow/schemas';
import { startTestServer, type TestServer } from './test-server.js';

const ndjson = { 'content-type': 'application/x-ndjson' };

describe('users and their events', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });

  const bulk = async (path: string, lines: string): Promise<BulkResult> => {
    const response = await fetch(`${server.url}/api${path}`, { method: 'POST', headers: ndjson, body: lines });
    expect(response.status).toBe(200);
    return (await response.json()) as BulkResult;
  };

  it('merges attributes, removes those set to null, and records the changes of a user who was there', async () => {
    const { api } = server;
    const first = await api.ok<User>('PUT', '/users/ann', { attributes: { a: 1, b: { c: null } }, tags: ['x'] });
    expect(first).toMatchObject({
      id: 'ann',
      attributes: { a: 1, b: { c: null } },
      tags: ['x'],
      stage: null,
      points: 0,
    });
    const second = await api.ok<User>('PUT', '/users/ann', {
      attributes: { a: null, d: 2 },
      tags: ['y'],
      tier: 'gold',
    });
    expect(second).toMatchObject({ attributes: { b: { c: null }, d: 2 }, tags: ['y'], tier: 'gold' });
    await api.ok('PUT', '/users/ann', { attributes: { d: 2 }, tags: ['y'], tier: 'gold' });
    const { items } = await api.ok<UserHistory>('GET', '/users/ann/history');
    expect(items.map(({ change }) => change?.kind).sort()).toEqual(['attributes', 'tag', 'tier']);
  });

  it('moves a user through the lifecycle, and tells how they came there', async () => {
    const { api } = server;
    await api.ok('PUT', '/users/lee', {});
    await api.ok('POST', '/users/lee/lifecycle/transition', { stage: 'Activation' });
    const moved = await api.ok<UserLifecycle>('POST', '/users/lee/lifecycle/transition', {
      stage: 'Retention',
      reason: 'Came back.',
    });
    expect(moved.stage).toBe('Retention');
    expect(moved.transitions.map(({ from, to, reason }) => [from, to, reason])).toEqual([
      [null, 'Activation', 'Moved over the API.'],
      ['Activation', 'Retention', 'Came back.'],
    ]);
    const again = await api.ok<UserLifecycle>('POST', '/users/lee/lifecycle/transition', { stage: 'Retention' });
    expect(again.transitions).toHaveLength(2);
  });

  it('knows users whose ids need encoding, and refuses those it does not know', async () => {
    const { api } = server;
    const id = 'a/b:c%20ü?';
    expect((await api.ok<User>('PUT', `/users/${encodeURIComponent(id)}`, {})).id).toBe(id);
    expect((await api.ok<User>('GET', `/users/${encodeURIComponent(id)}`)).id).toBe(id);
    expect(await api.refused('GET', '/users/nobody')).toMatchObject({
      status: 404,
      type: 'urn:xflow:problem:not-found',
    });
    expect(await api.refused('POST', '/users/nobody/lifecycle/transition', { stage: 'x' })).toMatchObject({
      status: 404,
    });
  });

  it.each([
    ['of letters', 'x'.repeat(200)],
    ['of Chinese', '订'.repeat(200)],
    ['that stands between others in a path', '😀'.repeat(100)],
  ])('knows users by the longest ids %s', async (_, id) => {
    const path = `/users/${encodeURIComponent(id)}`;
    await server.api.ok('PUT', path, { attributes: { spent: 1 } });
    await server.api.ok('POST', `${path}/lifecycle/transition`, { stage: 'Revenue' });
    expect(await server.api.ok('GET', path)).toMatchObject({ id, stage: 'Revenue' });
  });

  it('refuses longer ids by telling the bound', async () => {
    const problem = await server.api.refused('PUT', `/users/${'x'.repeat(201)}`, {});
    expect(problem).toMatchObject({ status: 400, errors: [{ message: expect.stringContaining('200') as string }] });
  });

  it('takes users in bulk, and reports bad lines by number', async () => {
    const lines = [
      '{"id":"b1","attributes":{"n":1},"tags":["t"]}',
      'nonsense',
      '{"id":"b2","attributes":[]}',
      '{"id":"b1","attributes":{"n":null,"m":2}}',
      '{"id":"b3","color":"red"}',
      '{"id":"b4\\u0000"}',
    ].join('\n');
    const result = await bulk('/users/bulk', lines);
    expect(result).toMatchObject({ accepted: 2, duplicates: 0, rejectedCount: 4 });
    expect(result.rejected.map(({ line }) => line)).toEqual([2, 3, 5, 6]);
    expect(await server.api.ok<User>('GET', '/users/b1')).toMatchObject({ attributes: { m: 2 }, tags: ['t'] });
  });

  it('takes events singly, creates the user, and recognises a repeat', async () => {
    const { api } = server;
    const event = { userId: 'ev', name: 'purchase', id: 'e1', at: '2026-01-01T00:00:00Z', properties: { amount: 3 } };
    expect((await api.request('POST', '/events', event)).status).toBe(202);
    expect(await api.ok<BulkResult>('POST', '/events', event)).toMatchObject({ accepted: 0, duplicates: 1 });
    expect((await api.ok<UserHistory>('GET', '/users/ev/history')).items).toEqual([
      {
        at: '2026-01-01T00:00:00.000Z',
        type: 'event',
        event: { id: 'e1', name: 'purchase', properties: { amount: 3 } },
      },
    ]);
    const refused = await api.refused('POST', '/events', { userId: '', at: 'yesterday', extra: 1 });
    expect(refused.errors?.map(({ field }) => field).sort()).toEqual(['$.at', '$.extra', '$.name', '$.userId']);
  });

  it('takes events in bulk, twice without harm, and goes on after bad lines', async () => {
    const lines = Array.from({ length: 12_000 }, (_, n) => `{"userId":"u${n % 50}","name":"visit","id":"v${n}"}`);
    lines[4_999] = '{"userId":"u1"}';
    lines[7_000] = '{"userId":"u1","name":"visit","at":"2026-02-30"}';
    expect(await bulk('/events/bulk', lines.join('\n'))).toMatchObject({ accepted: 11_998, rejectedCount: 2 });
    const again = await bulk('/events/bulk', lines.join('\n'));
    expect(again).toMatchObject({ accepted: 0, duplicates: 11_998 });
    expect(again.rejected.map(({ line }) => line)).toEqual([5_000, 7_001]);
  });

  it('refuses bulk bodies that are too large, and those of another type', async () => {
    const line = `{"userId":"big","name":"visit","properties":{"x":"${'x'.repeat(60_000)}"}}\n`;
    const response = await fetch(`${server.url}/api/events/bulk`, {
      method: 'POST',
      headers: ndjson,
      body: line.repeat(300),
    });
    expect(response.status).toBe(413);
    expect(await response.text()).toContain('None of it was taken');
    const streamed = await fetch(`${server.url}/api/events/bulk`, {
      method: 'POST',
      headers: ndjson,
      body: new ReadableStream({
        start(controller) {
          const lines = Array.from({ length: 6_000 }, (_, n) => `{"userId":"big","name":"visit","id":"s${n}"}\n`);
          controller.enqueue(new TextEncoder().encode(lines.join('')));
          for (let sent = 0; sent < 300; sent++) controller.enqueue(new TextEncoder().encode(line));
          controller.close();
        },
      }),
      duplex: 'half',
    } as RequestInit);
    expect(streamed.status).toBe(413);
    expect(await streamed.text()).toContain('Its first 6000 lines were taken');
    expect(await server.api.refused('POST', '/events/bulk', {})).toMatchObject({ status: 415 });
  });

  it('pages through users and histories without losing or repeating one', async () => {
    const { api } = server;
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page: UserPage = await api.ok('GET', `/users?limit=7${cursor === null ? '' : `&cursor=${cursor}`}`);
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids).toContain('u49');

    const seen: string[] = [];
    cursor = null;
    do {
      const page: UserHistory = await api.ok(
        'GET',
        `/users/u7/history?limit=50${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...page.items.map(({ event }) => event!.id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toHaveLength(240);
    expect(new Set(seen).size).toBe(240);
    expect(await api.refused('GET', '/users?cursor=nonsense')).toMatchObject({ status: 400 });
    const forged = Buffer.from('["never",2,"a"]').toString('base64url');
    expect(await api.refused('GET', `/users/u7/history?cursor=${forged}`)).toMatchObject({ status: 400 });
  });
});
