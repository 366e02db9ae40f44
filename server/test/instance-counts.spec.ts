import type { ElementCounts, RecountResponse, Workflow, WorkflowSummary } from '@xflow/schemas';
import { foldCounts } from '../src/runner/sql/fold-counts.js';
import { diagram, end, process, sequence, start, wait } from './diagram.js';
import { startTestServer, type TestServer } from './test-server.js';

const choice = `<bpmn:exclusiveGateway id="choice"/><bpmn:endEvent id="other"/>
  <bpmn:sequenceFlow id="in" sourceRef="start" targetRef="choice"/>
  <bpmn:sequenceFlow id="yes" sourceRef="choice" targetRef="end"><bpmn:conditionExpression>=ok</bpmn:conditionExpression></bpmn:sequenceFlow>
  <bpmn:sequenceFlow id="no" sourceRef="choice" targetRef="other"><bpmn:conditionExpression>=ok = 2</bpmn:conditionExpression></bpmn:sequenceFlow>`;
const caller = `<bpmn:callActivity id="call" calledElement="slow"/>`;

describe('numbers of instances', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    await server.api.createUsers('ann', 'bob', 'cid');
    await server.api.deploy(diagram(process('slow', sequence(start, wait('w', 'PT1H'), end))));
    await server.api.deploy(diagram(process('stuck', start + choice + end)));
    await server.api.deploy(diagram(process('caller', sequence(start, caller, end))));
  });

  const numbers = async (key: string): Promise<Partial<WorkflowSummary['instances']>> => {
    const { items } = await server.api.ok<{ items: WorkflowSummary[] }>('GET', '/workflows');
    const { instances } = items.find((workflow) => workflow.key === key)!;
    return Object.fromEntries(Object.entries(instances).filter(([, number]) => number !== 0));
  };
  const running = async (key: string): Promise<number[]> =>
    (await server.api.ok<Workflow>('GET', `/workflows/${key}`)).versions.map((version) => version.running);
  const elements = async (key: string): Promise<ElementCounts['items']> =>
    (await server.api.ok<ElementCounts>('GET', `/workflows/${key}/elements`)).items;
  const recount = async (): Promise<RecountResponse['corrected']> =>
    (await server.api.ok<RecountResponse>('POST', '/instances/recount')).corrected;

  it('follow instances from their start to their end, one by one and in bulk', async () => {
    const cancelled = await server.api.start('slow', 'ann');
    const users = ['ann', 'bob', 'cid'].map((userId) => ({ userId }));
    await server.api.ok('POST', '/workflows/slow/start', { users });
    expect(await numbers('slow')).toEqual({ active: 4 });
    await server.api.ok('POST', `/workflows/${cancelled}/cancel`);
    expect(await numbers('slow')).toEqual({ active: 3, cancelled: 1 });
    await server.api.advance('PT2H');
    expect(await numbers('slow')).toEqual({ completed: 3, cancelled: 1 });
  });

  it('count open incidents', async () => {
    const id = await server.api.start('stuck', 'ann');
    expect(await numbers('stuck')).toEqual({ active: 1, incidents: 1 });
    expect(await elements('stuck')).toEqual([{ elementId: 'choice', active: 1, incidents: 1 }]);
    const { incidents } = await server.api.status(id);
    await server.api.ok('POST', `/instances/${id}/incidents/${encodeURIComponent(incidents[0]!.id)}/resolve`, {
      action: 'retry',
      variables: { ok: true },
    });
    expect(await numbers('stuck')).toEqual({ completed: 1 });
    expect(await elements('stuck')).toEqual([]);
  });

  it('count called instances, and follow migrations', async () => {
    const id = await server.api.start('caller', 'ann');
    await server.api.rest();
    expect(await numbers('slow')).toMatchObject({ active: 1 });
    await server.api.deploy(diagram(process('caller', sequence(start, caller, wait('more', 'PT1H'), end))));
    expect(await running('caller')).toEqual([0, 1]);
    await server.api.ok('POST', `/instances/${id}/migrate`, { version: 2 });
    expect(await running('caller')).toEqual([1, 0]);
    await server.api.advance('PT3H');
    expect(await numbers('caller')).toEqual({ completed: 1 });
    expect(await recount()).toEqual([]);
  });

  it('are the same when they are folded, whoever else does so at the same time', async () => {
    const before = await numbers('slow');
    const { pool } = server.database;
    await Promise.all([foldCounts(pool), foldCounts(pool), foldCounts(pool), server.api.start('slow', 'bob')]);
    await foldCounts(pool);
    expect((await pool.query('SELECT FROM instance_count_change')).rowCount).toBe(0);
    expect(await numbers('slow')).toEqual({ ...before, active: 1 });
  });

  it('are counted anew on demand, which tells what was wrong', async () => {
    await server.database.pool.query(`UPDATE instance_count SET instances = 70 WHERE workflow_key = 'stuck'`);
    await server.database.pool.query(
      `INSERT INTO instance_count (workflow_key, version, status, element_id, instances, incidents) VALUES ('stuck', 9, 'error', '', 1, 0)`,
    );
    const [first, second] = await recount();
    expect(first).toMatchObject({ workflowKey: 'stuck', status: 'completed', instances: 1, saidInstances: 70 });
    expect(second).toMatchObject({ version: 9, status: 'error', instances: 0, saidInstances: 1 });
    expect(await recount()).toEqual([]);
    expect(await numbers('stuck')).toEqual({ completed: 1 });
  });
});
