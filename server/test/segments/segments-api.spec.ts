import type { EvaluateSegmentResponse, Segment, SegmentRule, SegmentUsers } from '@xflow/schemas';
import { diagram, end, process, sequence, start, wait } from '../diagram.js';
import { startTestServer, type TestServer } from '../test-server.js';

describe('segments over HTTP', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    for (const [id, tags] of Object.entries({ ann: ['a', 'b'], bob: ['b'], cid: [] })) {
      await server.api.ok('PUT', `/users/${id}`, { tags });
    }
  });

  const create = (id: string, rule: unknown) => server.api.request<Segment>('POST', '/segments', { id, rule });

  it('lives through its six routes', async () => {
    const { api } = server;
    expect(await create('with-b', { tag: 'b' })).toMatchObject({ status: 201, body: { id: 'with-b', name: 'with-b' } });
    expect((await create('with-b', { tag: 'b' })).status).toBe(409);
    expect(await api.ok<SegmentUsers>('GET', '/segments/with-b/users')).toEqual({
      items: ['ann', 'bob'],
      nextCursor: null,
    });
    const first = await api.ok<SegmentUsers>('GET', '/segments/with-b/users?limit=1');
    expect(first.items).toEqual(['ann']);
    const second = await api.ok<SegmentUsers>('GET', `/segments/with-b/users?limit=1&cursor=${first.nextCursor}`);
    expect(second).toEqual({ items: ['bob'], nextCursor: null });
    await api.ok('PUT', '/segments/with-b', { id: 'with-b', name: 'No b', rule: { not: { tag: 'b' } } });
    expect(await api.ok('POST', '/segments/evaluate', { segment: 'with-b' })).toEqual({ size: 1, members: ['cid'] });
    const asked: EvaluateSegmentResponse = await api.ok('POST', '/segments/evaluate', {
      rule: { any: [{ segment: 'with-b' }, { tag: 'a' }] },
      userIds: ['cid', 'bob', 'ann'],
    });
    expect(asked).toEqual({ size: 2, members: ['cid', 'ann'] });
    expect((await api.ok<{ items: Segment[] }>('GET', '/segments')).items.map(({ id }) => id)).toEqual(['with-b']);
    expect((await api.request('DELETE', '/segments/with-b')).status).toBe(204);
    expect((await api.request('DELETE', '/segments/with-b')).status).toBe(404);
  });

  it('lists every problem of a rule at once, each with its path and remedy', async () => {
    const rule = {
      all: [
        { attribute: 'age', operator: 'gte', value: '18' },
        { event: 'buy', aggregate: 'sum', operator: 'gt', value: 1, window: 'a while' },
        { tag: 'x', stage: 'y' },
        { any: [] },
        { not: { attribute: 'a', operator: 'like', value: 1 } },
        { event: 'buy', aggregate: 'daysSinceLast', operator: 'eq', value: 3, where: { x: null } },
        { tag: 'x', value: 1 },
        { attribute: 'since', operator: 'before', value: '2026-02-30' },
        7,
        {},
      ],
    };
    const problem = await server.api.refused('POST', '/segments', { id: 'bad', rule });
    expect(problem.status).toBe(422);
    expect(problem.errors?.map(({ field }) => field)).toEqual([
      '$.rule.all[0].value',
      '$.rule.all[1].of',
      '$.rule.all[1].window',
      '$.rule.all[2]',
      '$.rule.all[3].any',
      '$.rule.all[4].not.operator',
      '$.rule.all[5].where.x',
      '$.rule.all[5].operator',
      '$.rule.all[6].value',
      '$.rule.all[7].value',
      '$.rule.all[8]',
      '$.rule.all[9]',
    ]);
    for (const { message, remedy } of problem.errors ?? []) expect(`${message} ${remedy}`).toMatch(/\..*[.}]$/);
  });

  it('refuses rules that are too deep or too large', async () => {
    let deep: unknown = { tag: 'x' };
    for (let level = 0; level < 25; level++) deep = { not: deep };
    expect((await server.api.refused('POST', '/segments', { id: 'deep', rule: deep })).detail).toContain('20 levels');
    const fifty = { any: Array.from({ length: 50 }, (_, n) => ({ tag: `t${n}` })) };
    const wide = { all: Array.from({ length: 11 }, () => fifty) };
    expect((await server.api.refused('POST', '/segments', { id: 'wide', rule: wide })).detail).toContain('at most 500');
  });

  it('refuses unknown segments, circles, and growth beyond bounds through other segments', async () => {
    const { api } = server;
    expect((await api.refused('POST', '/segments', { id: 'x', rule: { segment: 'nowhere' } })).detail).toContain(
      '"nowhere"',
    );
    await create('c1', { tag: 'x' });
    await create('c2', { not: { segment: 'c1' } });
    const circle = await api.refused('PUT', '/segments/c1', { id: 'c1', rule: { all: [{ segment: 'c2' }] } });
    expect(circle.detail).toContain('"c1" -> "c2" -> "c1"');
    const fifty: SegmentRule = { any: Array.from({ length: 50 }, (_, n) => ({ tag: `t${n}` })) };
    await create('f1', { tag: 'x' });
    await create('f2', { any: Array.from({ length: 11 }, () => ({ segment: 'f1' })) });
    expect((await api.refused('PUT', '/segments/f1', { id: 'f1', rule: fifty })).detail).toContain('"f2"');
  });

  it('names unknown users, and asks for exactly one of segment and rule', async () => {
    const { api } = server;
    const unknown = await api.refused('POST', '/segments/evaluate', { rule: { tag: 'a' }, userIds: ['ann', 'nobody'] });
    expect(unknown).toMatchObject({ status: 404, errors: [{ field: '$.userIds[1]' }] });
    expect((await api.refused('POST', '/segments/evaluate', {})).status).toBe(400);
    expect((await api.refused('POST', '/segments/evaluate', { segment: 'nowhere' })).status).toBe(404);
    expect((await api.refused('GET', '/segments/nowhere/users')).status).toBe(404);
  });

  it('is not deleted while something uses it, and says what', async () => {
    const { api } = server;
    await create('used', { tag: 'x' });
    await create('user-of-used', { segment: 'used' });
    await api.ok('PUT', '/ladders/steps', {
      id: 'steps',
      tiers: [{ tier: 'one', rule: { not: { segment: 'used' } } }],
    });
    const check =
      '<bpmn:serviceTask id="check"><bpmn:extensionElements><xflow:segmentCheck segment="used"/></bpmn:extensionElements></bpmn:serviceTask>';
    await api.deploy(diagram(process('flow', sequence(start, wait('pause', 'P1D'), check, end))));
    const refused = await api.refused('DELETE', '/segments/used');
    expect(refused.status).toBe(409);
    expect(refused.detail).toContain(
      'the segment "user-of-used", the ladder "steps", the workflow "flow" (version 1, element "check")',
    );
  });
});
