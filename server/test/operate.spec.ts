import type { InstancePage, InstanceStatus, MigrationPreview } from '@xflow/schemas';
import { TaskHandler, type Job, type JobHandler } from '../src/index.js';
import { diagram, end, message, process, receive, sequence, start, task, wait } from './diagram.js';
import { startTestServer, type TestServer } from './test-server.js';

const done: string[] = [];

@TaskHandler('note', { schema: { type: 'object' } })
class Note implements JobHandler {
  run({ instanceId }: Job): Promise<null> {
    done.push(instanceId);
    return Promise.resolve(null);
  }
}

const userTask = (id: string) => `<bpmn:userTask id="${id}"/>`;
const waiting = (...ids: readonly string[]) => diagram(process('waiting', sequence(start, ...ids.map(userTask), end)));

describe('operating one instance', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ handlers: [Note] });
    await server.api.createUsers('ann', 'bob');
  });

  const completeTask = async (instanceId: string): Promise<void> => {
    const { items } = await server.api.ok<{ items: { id: string }[] }>('GET', `/tasks?instanceId=${instanceId}`);
    await server.api.ok('POST', `/tasks/${encodeURIComponent(items[0]!.id)}/complete`, { variables: {} });
  };

  it('changes variables, which wakes conditions', async () => {
    const { api } = server;
    const condition = `<bpmn:intermediateCatchEvent id="rich"><bpmn:conditionalEventDefinition><bpmn:condition>=points > 10</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>`;
    await api.deploy(diagram(process('points', sequence(start, condition, userTask('spend'), end))));
    const id = await api.start('points', 'ann', { points: 1 });
    const changed = await api.ok<InstanceStatus>('PATCH', `/instances/${id}/variables`, { variables: { points: 11 } });
    expect(changed).toMatchObject({ waitingAt: ['spend'], variables: { points: 11 } });
    expect(changed.scopes).toEqual([{ id: 'scope-1', elementId: 'points', variables: { points: 11 } }]);
    expect(
      await api.refused('PATCH', `/instances/${id}/variables`, { variables: { a: 1 }, scopeId: 'x' }),
    ).toMatchObject({
      status: 422,
      errors: [{ field: '$.scopeId', remedy: 'Send one of "scope-1", or leave it out.' }],
    });
  });

  it('answers who waits for an instance that is removed meanwhile', async () => {
    const { api, database } = server;
    await api.deploy(diagram(process('removed', sequence(start, userTask('only'), end))));
    const id = await api.start('removed', 'ann');
    const holder = await database.pool.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM instance WHERE id = $1 FOR UPDATE', [id]);
    const asked = api.request('POST', `/instances/${id}/suspend`);
    await holder.query('DELETE FROM instance WHERE id = $1', [id]);
    await holder.query('COMMIT');
    holder.release();
    expect((await asked).status).toBe(404);
    // It was removed behind the server's back.
    await api.ok('POST', '/instances/recount');
  });

  it('moves tokens, and tells why it cannot', async () => {
    const { api } = server;
    await api.deploy(waiting('first', 'second', 'third'));
    const id = await api.start('waiting', 'ann');
    const moved = await api.ok<InstanceStatus>('POST', `/instances/${id}/modify`, {
      activate: [{ elementId: 'third' }],
      terminate: [{ elementId: 'first' }],
    });
    expect(moved.waitingAt).toEqual(['third']);
    expect(await api.refused('POST', `/instances/${id}/modify`, { activate: [{ elementId: 'no' }] })).toMatchObject({
      status: 422,
      errors: [{ elementId: 'no', message: 'Workflow "waiting" has no element "no".' }],
    });
    expect(await api.refused('POST', `/instances/${id}/modify`, { terminate: [{}] })).toMatchObject({ status: 400 });
    await completeTask(id);
    expect((await api.status(id)).status).toBe('completed');
    expect(await api.refused('POST', `/instances/${id}/modify`, {})).toMatchObject({ status: 409 });
  });

  it('keeps timers and messages from a suspended instance until it is resumed', async () => {
    const { api } = server;
    await api.deploy(
      diagram(
        message('m', 'paid'),
        process('slow', sequence(start, wait('pause', 'PT1H'), receive('paying', 'm'), userTask('thank'), end)),
      ),
    );
    const [late, paid] = [await api.start('slow', 'ann'), await api.start('slow', 'bob')];
    expect(await api.ok('POST', `/instances/${late}/suspend`)).toMatchObject({
      status: 'active',
      suspendedAt: expect.any(String) as string,
    });
    await api.advance('PT2H');
    expect((await api.status(late)).waitingAt).toEqual(['pause']);
    await api.ok('POST', `/instances/${paid}/suspend`);
    await api.publish('paid', 'bob');
    await api.rest();
    expect((await api.status(paid)).waitingAt).toEqual(['paying']);
    expect(await api.ok('POST', `/instances/${late}/resume`)).toMatchObject({ suspendedAt: null });
    await api.ok('POST', `/instances/${paid}/resume`);
    await api.rest();
    expect((await api.status(late)).waitingAt).toEqual(['paying']);
    expect((await api.status(paid)).waitingAt).toEqual(['thank']);
  });

  it('offers no jobs of a suspended instance, takes no results of people, and can still be operated', async () => {
    const { api, database } = server;
    await api.deploy(diagram(process('work', sequence(start, userTask('ask'), task('note', 'note'), end))));
    const id = await api.start('work', 'ann');
    await api.ok('POST', `/instances/${id}/suspend`);
    const { items } = await api.ok<{ items: { id: string }[] }>('GET', `/tasks?instanceId=${id}`);
    const complete = `/tasks/${encodeURIComponent(items[0]!.id)}/complete`;
    expect(await api.refused('POST', complete, { variables: {} })).toMatchObject({
      status: 409,
      detail: expect.stringMatching(/suspended.*resume/i) as string,
    });
    await api.ok('POST', `/instances/${id}/modify`, {
      activate: [{ elementId: 'note' }],
      terminate: [{ elementId: 'ask' }],
    });
    await api.advance('PT1H');
    expect(done).not.toContain(id);
    await api.ok('POST', `/instances/${id}/resume`);
    await api.rest();
    expect(done).toContain(id);
    expect((await api.status(id)).status).toBe('completed');

    const cancelled = await api.start('slow', 'ann');
    await api.ok('POST', `/instances/${cancelled}/suspend`);
    await api.advance('PT2H');
    expect(await api.ok('POST', `/workflows/${cancelled}/cancel`)).toMatchObject({
      status: 'cancelled',
      suspendedAt: null,
    });
    await api.rest();
    const { rows } = await database.pool.query('SELECT FROM command WHERE instance_id = $1', [cancelled]);
    expect(rows).toEqual([]);
  });

  it('suspends and resumes what an instance has called, at any depth, and cancels it', async () => {
    const { api } = server;
    const call = (id: string, key: string) => `<bpmn:callActivity id="${id}" calledElement="${key}"/>`;
    await api.deploy(diagram(process('leaf', sequence(start, wait('nap', 'PT1H'), userTask('rest'), end))));
    await api.deploy(diagram(process('branch', sequence(start, call('down', 'leaf'), end))));
    await api.deploy(diagram(process('root', sequence(start, call('down', 'branch'), end) + call('more', 'branch'))));
    const root = await api.start('root', 'ann');
    await api.rest();
    const tree = async (): Promise<string[]> => {
      const { items } = await api.ok<InstancePage>('GET', '/instances?userId=ann&startedFrom=2026-01-05T13:00:00Z');
      return items
        .filter(({ workflowKey }) => ['root', 'branch', 'leaf'].includes(workflowKey))
        .map(({ workflowKey, status, suspendedAt }) => `${workflowKey} ${suspendedAt === null ? status : 'suspended'}`);
    };
    expect(await tree()).toEqual(['leaf active', 'branch active', 'root active']);

    await api.ok('POST', `/instances/${root}/suspend`);
    await api.rest();
    expect(await tree()).toEqual(['leaf suspended', 'branch suspended', 'root suspended']);
    // What an operator has a suspended instance call is suspended, too.
    await api.ok('POST', `/instances/${root}/modify`, { activate: [{ elementId: 'more' }] });
    await api.advance('PT2H');
    expect(await tree()).toEqual(['branch suspended', 'leaf suspended', 'branch suspended', 'root suspended']);

    await api.ok('POST', `/instances/${root}/resume`);
    await api.rest();
    expect(await tree()).toEqual(['leaf active', 'branch active', 'leaf active', 'branch active', 'root active']);
    const { items } = await api.ok<InstancePage>('GET', '/instances?workflow=leaf');
    expect(items.map(({ waitingAt }) => waitingAt)).toEqual([['nap'], ['rest']]);

    await api.ok('POST', `/instances/${root}/suspend`);
    await api.ok('POST', `/workflows/${root}/cancel`);
    await api.rest();
    expect(new Set(await tree())).toEqual(new Set(['leaf cancelled', 'branch cancelled', 'root cancelled']));
  });

  it('previews a migration without changing anything, then migrates', async () => {
    const { api, database } = server;
    const id = await api.start('waiting', 'bob');
    const renamed = waiting('opening', 'second').replace(
      '<bpmn:userTask id="opening"/>',
      `<bpmn:userTask id="opening"/><bpmn:boundaryEvent id="late" attachedToRef="opening"><bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent><bpmn:endEvent id="over"/><bpmn:sequenceFlow id="to-over" sourceRef="late" targetRef="over"/>`,
    );
    await api.deploy(renamed);
    const unmapped = await api.ok<MigrationPreview>('POST', `/instances/${id}/migrate/preview`, { version: 2 });
    expect(unmapped).toMatchObject({ fits: false, problems: [{ elementId: 'first' }] });
    expect(await api.refused('POST', `/instances/${id}/migrate`, { version: 2 })).toMatchObject({
      status: 422,
      errors: [{ elementId: 'first', message: 'The instance is busy with "first", which the new version lacks.' }],
    });
    const request = { version: 2, mapping: [{ source: 'first', target: 'opening' }] };
    expect(await api.ok('POST', `/instances/${id}/migrate/preview`, request)).toEqual({
      fits: true,
      problems: [],
      elements: [{ source: 'first', target: 'opening' }],
      opened: ['late'],
      closed: [],
    });
    expect(await api.status(id)).toMatchObject({ version: 1, waitingAt: ['first'], revision: 1 });

    expect(await api.ok('POST', `/instances/${id}/migrate`, request)).toMatchObject({
      version: 2,
      waitingAt: ['opening'],
    });
    const { rows } = await database.pool.query('SELECT element_id FROM task WHERE instance_id = $1', [id]);
    expect(rows).toEqual([{ element_id: 'opening' }]);
    expect((await api.history(id)).at(-1)!.events[0]).toEqual({
      kind: 'instance-migrated',
      version: 2,
      elements: [{ source: 'first', target: 'opening' }],
    });
    await api.advance('PT1H');
    expect((await api.status(id)).status).toBe('completed');
    expect(await api.refused('POST', `/instances/${id}/migrate`, request)).toMatchObject({ status: 409 });
    const other = await api.start('waiting', 'bob');
    expect(await api.refused('POST', `/instances/${other}/migrate`, { version: 9 })).toMatchObject({ status: 404 });
    expect(await api.refused('POST', `/instances/${other}/migrate`, { version: 2 })).toMatchObject({ status: 409 });
  });
});
