import type {
  BatchOperation,
  BatchOperationFailures,
  IncidentGroups,
  InstancePage,
  StartBatchOperationRequest,
} from '@xflow/schemas';
import { diagram, end, process, sequence, start, wait } from './diagram.js';
import { ChildServer } from './child-server.js';
import { createTestDatabase } from './test-database.js';
import { startTestServer, type TestServer } from './test-server.js';

const userTask = (id: string) => `<bpmn:userTask id="${id}"/>`;
const one = (key: string, ...elements: readonly string[]) => diagram(process(key, sequence(start, ...elements, end)));

describe('batch operations', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    await server.api.createUsers('ann', 'bob', 'cid', 'dan', 'eve');
  });

  const users = ['ann', 'bob', 'cid', 'dan', 'eve'];
  const startAll = async (key: string): Promise<readonly string[]> => {
    const ids: string[] = [];
    for (const user of users) ids.push(await server.api.start(key, user));
    return ids;
  };
  const order = async (request: StartBatchOperationRequest): Promise<BatchOperation> =>
    await server.api.ok<BatchOperation>('POST', '/batch-operations', request);
  const finished = async ({ id }: BatchOperation): Promise<BatchOperation> => {
    await server.api.rest();
    return await server.api.ok<BatchOperation>('GET', `/batch-operations/${id}`);
  };
  const count = async (query: string): Promise<number> =>
    (await server.api.ok<InstancePage>('GET', `/instances?${query}`)).items.length;

  it('cancels those that meet the filter, and no others', async () => {
    await server.api.deploy(one('cancelled', userTask('ask')));
    const ids = await startAll('cancelled');
    const operation = await order({
      action: 'cancel',
      filter: { workflow: 'cancelled', instanceIds: ids.slice(0, 3) },
    });
    expect(operation).toMatchObject({ action: 'cancel', failed: 0, endedAt: operation.endedAt });
    expect(await finished(operation)).toMatchObject({ status: 'done', total: 3, done: 3, failed: 0 });
    expect(await count('workflow=cancelled&status=cancelled')).toBe(3);
    expect(await count('workflow=cancelled&status=active')).toBe(2);
  });

  it('suspends and resumes', async () => {
    await server.api.deploy(one('held', wait('pause', 'PT1H')));
    await startAll('held');
    expect(await finished(await order({ action: 'suspend', filter: { workflow: 'held' } }))).toMatchObject({ done: 5 });
    await server.api.advance('PT2H');
    expect(await count('workflow=held&suspended=true')).toBe(5);
    const resumed = await order({ action: 'resume', filter: { workflow: 'held', suspended: true } });
    expect(await finished(resumed)).toMatchObject({ status: 'done', done: 5 });
    expect(await count('workflow=held&status=completed')).toBe(5);
  });

  it('retries incidents, and tells which could not be', async () => {
    const gateway = `<bpmn:exclusiveGateway id="choice"/>`;
    const flows = `<bpmn:sequenceFlow id="to" sourceRef="start" targetRef="choice"/><bpmn:sequenceFlow id="yes" sourceRef="choice" targetRef="end"><bpmn:conditionExpression>=ok</bpmn:conditionExpression></bpmn:sequenceFlow><bpmn:sequenceFlow id="no" sourceRef="choice" targetRef="other"><bpmn:conditionExpression>=ok = 2</bpmn:conditionExpression></bpmn:sequenceFlow>`;
    await server.api.deploy(diagram(process('stuck', `${start}${gateway}${end}<bpmn:endEvent id="other"/>${flows}`)));
    const ids = await startAll('stuck');
    for (const id of ids.slice(0, 4))
      await server.api.ok('PATCH', `/instances/${id}/variables`, { variables: { ok: true } });
    const operation = await finished(await order({ action: 'retry-incidents', filter: { workflow: 'stuck' } }));
    // The fifth is retried, too, and stops again.
    expect(operation).toMatchObject({ status: 'done', total: 5, done: 5 });
    expect(await count('workflow=stuck&status=completed')).toBe(4);
    expect(await count('workflow=stuck&incident=true')).toBe(1);
  });

  it('migrates those that fit, and tells why the others do not', async () => {
    await server.api.deploy(one('moved', userTask('first'), userTask('second')));
    const ids = await startAll('moved');
    const activate = { activate: [{ elementId: 'second' }], terminate: [{ elementId: 'first' }] };
    await server.api.ok('POST', `/instances/${ids[4]}/modify`, activate);
    await server.api.deploy(one('moved', userTask('first'), userTask('third')));
    const filter = { workflow: 'moved', version: 1 };
    const operation = await finished(await order({ action: 'migrate', filter, version: 2 }));
    expect(operation).toMatchObject({ status: 'done', total: 5, done: 4, failed: 1, version: 2 });
    const { items } = await server.api.ok<BatchOperationFailures>('GET', `/batch-operations/${operation.id}/failures`);
    expect(items).toEqual([
      {
        instanceId: ids[4],
        userId: 'eve',
        incidentId: null,
        reason: expect.stringMatching(/busy with "second"/) as string,
      },
    ]);
    const again = await order({
      action: 'migrate',
      filter,
      version: 2,
      mapping: [{ source: 'second', target: 'third' }],
    });
    expect(await finished(again)).toMatchObject({ total: 1, done: 1 });
    expect(await count('workflow=moved&version=2')).toBe(5);
  });

  it('goes no faster than its rate, and can be cancelled meanwhile', async () => {
    await server.api.deploy(one('slowly', userTask('ask')));
    await startAll('slowly');
    const operation = await order({ action: 'cancel', filter: { workflow: 'slowly' }, ratePerSecond: 1 });
    expect(await finished(operation)).toMatchObject({ status: 'running', total: 5, done: 1 });
    await server.api.advance('PT1S');
    expect(await finished(operation)).toMatchObject({ status: 'running', done: 2 });
    expect(await server.api.ok('POST', `/batch-operations/${operation.id}/cancel`)).toMatchObject({
      status: 'cancelled',
    });
    await server.api.advance('PT1M');
    expect(await finished(operation)).toMatchObject({ status: 'cancelled', done: 2 });
    expect(await count('workflow=slowly&status=active')).toBe(3);
    expect(await server.api.refused('POST', `/batch-operations/${operation.id}/cancel`)).toMatchObject({ status: 409 });
  });

  it('goes on with what was stopped, when it is resumed', async () => {
    await server.api.deploy(one('stopped', userTask('ask')));
    await startAll('stopped');
    const operation = await order({ action: 'suspend', filter: { workflow: 'stopped' }, ratePerSecond: 1 });
    await finished(operation);
    await server.api.ok('POST', `/batch-operations/${operation.id}/cancel`);
    // Who comes after the order is none of those that it is about.
    await server.api.advance('PT1S');
    await server.api.start('stopped', 'ann');
    expect(await server.api.ok('POST', `/batch-operations/${operation.id}/resume`)).toMatchObject({ endedAt: null });
    expect(await server.api.refused('POST', `/batch-operations/${operation.id}/resume`)).toMatchObject({ status: 409 });
    for (let seconds = 0; seconds < 5; seconds += 1) {
      await server.api.rest();
      await server.api.advance('PT1S');
    }
    expect(await finished(operation)).toMatchObject({ status: 'done', total: 5, done: 5, failed: 0 });
    expect(await count('workflow=stopped&suspended=true')).toBe(5);
  });

  it('retries the incidents of one cause, and leaves the others', async () => {
    const ids = (await server.api.ok<InstancePage>('GET', '/instances?workflow=stuck&incident=true')).items;
    const incidents = { element: 'choice', type: 'no-flow-chosen', reason: 'Another one.' };
    const none = await order({ action: 'retry-incidents', filter: { workflow: 'stuck' }, incidents });
    expect(none).toMatchObject({ incidents });
    expect(await finished(none)).toMatchObject({ status: 'done', total: 0 });
    const { items } = await server.api.ok<IncidentGroups>('GET', '/incidents/groups?workflow=stuck');
    expect(items).toMatchObject([{ elementId: 'choice', type: 'no-flow-chosen', count: ids.length }]);
    const cause = { element: items[0]!.elementId, reason: items[0]!.reason };
    const all = await order({ action: 'retry-incidents', filter: { workflow: 'stuck' }, incidents: cause });
    expect(await finished(all)).toMatchObject({ status: 'done', total: ids.length, done: ids.length });
    expect(
      await server.api.refused('POST', '/batch-operations', {
        action: 'cancel',
        filter: { workflow: 'stuck' },
        incidents: cause,
      }),
    ).toMatchObject({ status: 400, errors: [{ field: '$.incidents' }] });
  });

  it('begins once, however often the same key orders it', async () => {
    const headers = { 'idempotency-key': 'same' };
    const request = { action: 'cancel', filter: { workflow: 'slowly' } };
    const [first, second] = [
      await server.api.request<BatchOperation>('POST', '/batch-operations', request, headers),
      await server.api.request<BatchOperation>('POST', '/batch-operations', request, headers),
    ];
    expect(first.status).toBe(202);
    expect(second.body.id).toBe(first.body.id);
    expect(
      await server.api.refused('POST', '/batch-operations', { ...request, ratePerSecond: 5 }, headers),
    ).toMatchObject({ status: 422 });
  });

  it('refuses what would change everything, or cannot be', async () => {
    expect(await server.api.refused('POST', '/batch-operations', { action: 'cancel', filter: {} })).toMatchObject({
      status: 400,
    });
    expect(
      await server.api.refused('POST', '/batch-operations', {
        action: 'migrate',
        filter: { userId: 'ann' },
        version: 1,
      }),
    ).toMatchObject({ status: 400, errors: [{ field: '$.filter.workflow' }] });
    expect(
      await server.api.refused('POST', '/batch-operations', {
        action: 'migrate',
        filter: { workflow: 'moved' },
        version: 9,
      }),
    ).toMatchObject({ status: 404 });
    expect(await server.api.refused('GET', '/batch-operations/nobody')).toMatchObject({ status: 404 });
  });

  it('is gone on with by another server, where its own is gone', async () => {
    const database = await createTestDatabase();
    const first = await startTestServer({ database });
    await first.api.createUsers(...users);
    await first.api.deploy(one('left', userTask('ask')));
    for (const user of users) await first.api.start('left', user);
    const operation = await first.api.ok<BatchOperation>('POST', '/batch-operations', {
      action: 'cancel',
      filter: { workflow: 'left' },
      ratePerSecond: 1,
    });
    await first.api.rest();
    await first.close();
    // As one that was killed leaves it: the lease of a server that is no more.
    await database.pool.query(
      `UPDATE batch_operation SET rate = 100, lease_owner = gen_random_uuid(), lease_until = '2026-01-05T08:00:00Z'`,
    );
    const second = await startTestServer({ database });
    await second.api.rest();
    expect(await second.api.ok('GET', `/batch-operations/${operation.id}`)).toMatchObject({
      status: 'done',
      total: 5,
      done: 5,
      failed: 0,
    });
  });

  it('does everything once when its server is killed in the middle', async () => {
    const database = await createTestDatabase();
    const first = await ChildServer.start(database.url);
    await first.api.createUsers('ann');
    await first.api.deploy(one('many', userTask('ask')));
    const instances = 1_500;
    await first.api.ok('POST', '/workflows/many/start', {
      users: Array.from({ length: instances }, () => ({ userId: 'ann' })),
    });
    await first.api.rest();
    const { id } = await first.api.ok<BatchOperation>('POST', '/batch-operations', {
      action: 'cancel',
      filter: { workflow: 'many' },
      ratePerSecond: 10_000,
    });
    const doneSoFar = async (): Promise<number> =>
      (await first.api.ok<BatchOperation>('GET', `/batch-operations/${id}`)).done;
    while ((await doneSoFar()) === 0);
    await first.kill();
    const second = await startTestServer({ database });
    // The lease of the one that was killed ends, though nothing moves meanwhile; then it goes on at its rate.
    await second.api.advance('PT1M');
    await second.api.advance('PT1M');
    expect(await second.api.ok('GET', `/batch-operations/${id}`)).toMatchObject({
      status: 'done',
      total: instances,
      done: instances,
      failed: 0,
    });
    const { rows } = await database.pool.query(
      `SELECT count(*)::int AS cancellations, count(DISTINCT instance_id)::int AS instances
       FROM history CROSS JOIN LATERAL json_array_elements(steps) AS step WHERE step -> 'input' ->> 'kind' = 'cancelled'`,
    );
    expect(rows).toEqual([{ cancellations: instances, instances }]);
  });
});
