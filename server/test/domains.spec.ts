import type { Json } from '@xflow/engine';
import type { TaskType, Template } from '@xflow/schemas';
import { TaskHandler, type JobHandler } from '../src/task-handlers/task-handler.js';
import { createTestDatabase } from './test-database.js';
import { startTestServer, type TestServer } from './test-server.js';

@TaskHandler('same', { schema: { type: 'object' } })
class First implements JobHandler {
  run(): Promise<Json> {
    return Promise.resolve(null);
  }
}
@TaskHandler('same', { schema: { type: 'object' } })
class Second extends First {}
@TaskHandler('tag')
class OwnTag {
  answer(): Promise<never[]> {
    return Promise.resolve([]);
  }
}

describe('ladders, templates, task types, health and documentation', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ handlers: [First] });
  });

  it('refuses a ladder with every problem of every tier', async () => {
    const { api } = server;
    const tiers = [
      { tier: 'low', rule: { tag: 'a' } },
      { tier: 'low', rule: { segment: 'nowhere' } },
      { tier: 'high', rule: { tag: 'a', stage: 'b' } },
    ];
    const problem = await api.refused('PUT', '/ladders/l', { id: 'l', tiers });
    expect(problem.errors?.map(({ field }) => field)).toEqual([
      '$.tiers[1].tier',
      '$.tiers[1].rule',
      '$.tiers[2].rule',
    ]);
    const shape = await api.refused('PUT', '/ladders/l', { id: 'l', tiers: [{ tier: '', points: 'many', x: 1 }] });
    expect(shape.errors?.map(({ field }) => field).sort()).toEqual([
      '$.tiers[0].points',
      '$.tiers[0].rule',
      '$.tiers[0].tier',
      '$.tiers[0].x',
    ]);
    expect((await api.refused('PUT', '/ladders/other', { id: 'l', tiers: tiers.slice(0, 1) })).status).toBe(400);
    expect((await api.refused('GET', '/ladders/nowhere/upgrades')).status).toBe(404);
    expect(await api.ok('GET', '/ladders')).toEqual({ items: [] });
  });

  it('parses templates when they are put, and lets them read no files', async () => {
    const { api } = server;
    const put = (body: string, subject = 'x') => api.refused('PUT', '/templates/t', { id: 't', subject, body });
    expect((await put('{% if a %}', '{{ a')).errors?.map(({ field }) => field)).toEqual(['$.subject', '$.body']);
    for (const body of ['{% include "/etc/passwd" %}', '{% render "x" %}', '{% layout "x" %}', '{{ a | unknown }}']) {
      expect((await put(body)).errors).toMatchObject([{ field: '$.body' }]);
    }
    const template = { id: 't', subject: 'Hi', body: '<p>{{ user.id }}</p>' };
    expect(await api.ok<Template>('PUT', '/templates/t', template)).toEqual(template);
    expect(await api.ok('GET', '/templates')).toEqual({ items: [template] });
  });

  it('lists the task types, with those of developers', async () => {
    const { items } = await server.api.ok<{ items: TaskType[] }>('GET', '/task-types');
    expect(items.map(({ type }) => type)).toEqual([
      'http-call',
      'same',
      'segment-check',
      'send-email',
      'send-webhook',
      'tag',
      'tier-upgrade',
      'update-profile',
    ]);
  });

  it('does not start when two handlers claim one type', async () => {
    const database = await createTestDatabase();
    await expect(startTestServer({ database, handlers: [First, Second] })).rejects.toThrow(
      'Two task handlers claim the type "same": First and Second. Rename one of them, or remove it.',
    );
    await expect(startTestServer({ database, handlers: [OwnTag] })).rejects.toThrow(
      'Two task handlers claim the type "tag"',
    );
    await database.drop();
  });

  it('tells its health', async () => {
    expect(await server.api.ok('GET', '/health')).toMatchObject({ status: 'ok', time: '2026-01-05T09:00:00.000Z' });
  });

  it('documents every route, and shows them in a page that holds nothing inline', async () => {
    const document = await server.api.ok<{ paths: Record<string, Record<string, unknown>> }>(
      'GET',
      '/docs/openapi.json',
    );
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes).toEqual(
      expect.arrayContaining([
        'POST /api/workflows',
        'POST /api/workflows/execute',
        'POST /api/workflows/{key}/start',
        'GET /api/segments/{id}/users',
        'POST /api/segments/evaluate',
        'POST /api/events/bulk',
        'POST /api/users/{id}/lifecycle/transition',
        'PUT /api/ladders/{id}',
        'GET /api/mailbox',
        'GET /api/mailbox/{id}/html',
        'GET /api/task-types',
        'GET /api/health',
      ]),
    );
    const page = await (await fetch(`${server.url}/api/docs`)).text();
    expect(page).not.toMatch(/<style|style=|<script>|https?:/);
    const assets = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
    for (const asset of assets) expect((await fetch(server.url + asset)).status).toBe(200);
    expect(assets).toHaveLength(4);
  });

  it.each(['/nothing', '/segments/%E0%A4%A', '/users/a%00b'])('answers %s with a problem document', async (path) => {
    const response = await fetch(`${server.url}/api${path}`);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ status: response.status });
  });
});
