import type { ActivateTasksResponse, JobPage, JobSummary } from '@xflow/schemas';
import { TaskHandler, type Job, type JobHandler } from '../src/task-handlers/task-handler.js';
import { diagram, end, process, sequence, start, task } from './diagram.js';
import { startTestServer, type TestServer } from './test-server.js';

/** Runs until it is aborted. */
@TaskHandler('held', { schema: { type: 'object' } })
class Held implements JobHandler {
  static tell: () => void;
  static readonly begun = new Promise<void>((resolve) => (Held.tell = resolve));
  run(_job: Job, signal: AbortSignal): Promise<null> {
    Held.tell();
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null)));
  }
}

const foreign = (key: string, type: string): string =>
  diagram(
    process(
      key,
      sequence(
        start,
        `<bpmn:serviceTask id="work" name="Charge the card"><bpmn:extensionElements>
           <zeebe:taskDefinition xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" type="${type}"/>
         </bpmn:extensionElements></bpmn:serviceTask>`,
        end,
      ),
    ),
  );

describe('the list of jobs', () => {
  let server: TestServer;
  const ids: string[] = [];
  beforeAll(async () => {
    server = await startTestServer({ handlers: [Held] });
    const { api } = server;
    await api.createUsers('ann', 'bob');
    await api.deploy(foreign('paying', 'charge'));
    await api.deploy(foreign('texting', 'text'));
    await api.deploy(diagram(process('holding', sequence(start, task('work', 'held'), end))));
    for (const user of ['ann', 'bob', 'ann', 'ann']) {
      ids.push(await api.start('paying', user));
      await api.advance('PT1S');
    }
    ids.push(await api.start('texting', 'bob'));
  });

  const list = async (query = ''): Promise<readonly JobSummary[]> =>
    (await server.api.ok<JobPage>('GET', `/jobs?${query}`)).items;
  const instances = async (query: string): Promise<readonly string[]> =>
    (await list(query)).map(({ instanceId }) => instanceId);
  const activate = async (type: string, worker: string) => {
    const request = { types: [type], worker, leaseSeconds: 60 };
    return (await server.api.ok<ActivateTasksResponse>('POST', '/tasks/activate', request)).tasks[0]!;
  };

  it('tells what is open, by type, those of a type in the order in which they are taken', async () => {
    expect(await instances('')).toEqual(ids);
    expect((await list('type=charge'))[0]).toEqual({
      ...{ id: `${ids[0]}:task-3`, type: 'charge', instanceId: ids[0], workflowKey: 'paying', userId: 'ann' },
      ...{ elementId: 'work', name: 'Charge the card', state: 'open', heldBy: null, worker: null, leasedUntil: null },
      ...{ retryAt: null, attempts: 0, maxAttempts: 5, lastError: null, createdAt: '2026-01-05T09:00:00.000Z' },
    });
  });

  it('is filtered by type, workflow, user and instance', async () => {
    expect(await instances('type=text')).toEqual([ids[4]]);
    expect(await instances('workflow=texting')).toEqual([ids[4]]);
    expect(await instances('userId=bob')).toEqual([ids[1], ids[4]]);
    expect(await instances(`instanceId=${ids[2]}`)).toEqual([ids[2]]);
    expect(await instances('instanceId=x')).toEqual([]);
    expect(await instances('type=nothing')).toEqual([]);
    expect(await server.api.refused('GET', '/jobs?state=x')).toMatchObject({ status: 400 });
  });

  it('tells who has leased what, until when, and what failed', async () => {
    const first = await activate('charge', 'billing-1');
    await activate('charge', 'billing-2');
    expect(await list('state=leased&worker=billing-1')).toMatchObject([
      {
        ...{ instanceId: ids[0], heldBy: 'worker', worker: 'billing-1', attempts: 1 },
        leasedUntil: '2026-01-05T09:01:04.000Z',
      },
    ]);
    expect(await instances('state=leased')).toEqual([ids[0], ids[1]]);
    expect(await instances('state=open')).toEqual([ids[2], ids[3], ids[4]]);
    const failure = { leaseToken: first.leaseToken, reason: 'Away.', retryAfterSeconds: 30 };
    await server.api.ok('POST', `/tasks/${first.id}/fail`, failure);
    expect(await list('state=retry')).toMatchObject([
      {
        ...{ instanceId: ids[0], state: 'retry', heldBy: null, worker: null, leasedUntil: null },
        ...{ retryAt: '2026-01-05T09:00:34.000Z', attempts: 1, lastError: 'Away.' },
      },
    ]);
    expect(JSON.stringify(await list())).not.toContain(first.leaseToken);
  });

  it('tells what is open again when a lease is over, or a retry is due', async () => {
    await server.api.advance('PT1M');
    expect(await list('state=open&type=charge')).toMatchObject([
      { instanceId: ids[2] },
      { instanceId: ids[3] },
      { instanceId: ids[0], lastError: 'Away.', heldBy: null },
      { instanceId: ids[1], heldBy: null, worker: null, leasedUntil: null },
    ]);
  });

  it('tells what servers have, and what is suspended', async () => {
    const held = await server.api.start('holding', 'bob');
    await Held.begun;
    expect(await list('type=held')).toMatchObject([
      { instanceId: held, state: 'leased', heldBy: 'server', worker: null, attempts: 1 },
    ]);
    await server.api.ok('POST', `/instances/${ids[3]}/suspend`);
    expect(await list('state=suspended')).toMatchObject([{ instanceId: ids[3], leasedUntil: null, retryAt: null }]);
  });

  it('is read page by page, to the end', async () => {
    const whole = await instances('');
    const paged: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: JobPage = await server.api.ok<JobPage>('GET', `/jobs?limit=1${from}`);
      paged.push(...page.items.map(({ instanceId }) => instanceId));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(whole);
    expect(paged).toHaveLength(6);
    expect(await server.api.refused('GET', '/jobs?cursor=nonsense')).toMatchObject({ status: 400 });
  });
});
