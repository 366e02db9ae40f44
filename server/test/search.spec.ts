import type { IncidentPage, InstancePage } from '@xflow/schemas';
import { diagram, end, process, sequence, start } from './diagram.js';
import { startTestServer, type TestServer } from './test-server.js';

const searchable = `<bpmn:extensionElements><xflow:searchable variables="plan, amount, vip"/></bpmn:extensionElements>`;
const userTask = (id: string) => `<bpmn:userTask id="${id}"/>`;

describe('finding instances', () => {
  let server: TestServer;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    server = await startTestServer();
    const { api } = server;
    await api.createUsers('ann', 'bob', 'cid');
    await api.deploy(diagram(process('order', searchable + sequence(start, userTask('pack'), userTask('ship'), end))));
    const variables: Record<string, object> = {
      ann: { plan: 'gold', amount: 12.5, vip: true, hidden: 'x' },
      bob: { plan: 'gold', amount: 7 },
      cid: { plan: { deep: 'gold' } },
    };
    for (const [user, given] of Object.entries(variables)) {
      const { instances } = await api.ok<{ instances: { id: string }[] }>('POST', '/workflows/order/start', {
        userId: user,
        variables: given,
        businessKey: `order-${user}`,
      });
      ids[user] = instances[0]!.id;
      await api.advance('PT1H');
    }
  });

  const found = async (query: string): Promise<readonly string[]> =>
    (await server.api.ok<InstancePage>('GET', `/instances?${query}`)).items.map(({ userId }) => userId).sort();
  const by = (...variables: readonly string[]): string =>
    variables.map((variable) => `variables=${encodeURIComponent(variable)}`).join('&');

  it('by variables that the process declares, as they are now', async () => {
    expect(await found(by('plan=gold'))).toEqual(['ann', 'bob']);
    expect(await found(by('plan=gold', 'amount=12.5'))).toEqual(['ann']);
    expect(await found(by('vip=true'))).toEqual(['ann']);
    expect(await found(by('hidden=x'))).toEqual([]);
    await server.api.ok('PATCH', `/instances/${ids['bob']}/variables`, { variables: { plan: 'silver', amount: null } });
    expect(await found(by('plan=gold'))).toEqual(['ann']);
    expect(await found(by('plan=silver'))).toEqual(['bob']);
    expect(await found(by('amount=7'))).toEqual([]);
    expect(await server.api.refused('GET', '/instances?variables=plan')).toMatchObject({ status: 400 });
  });

  it('by business key, version and time', async () => {
    expect(await found('businessKey=order-bob')).toEqual(['bob']);
    expect(await found('workflow=order&version=1')).toEqual(['ann', 'bob', 'cid']);
    expect(await found('workflow=order&version=2')).toEqual([]);
    const from = 'startedFrom=2026-01-05T10:00:00Z';
    expect(await found(from)).toEqual(['bob', 'cid']);
    expect(await found(`${from}&startedTo=2026-01-05T11:00:00Z`)).toEqual(['bob']);
    expect(await server.api.refused('GET', '/instances?startedFrom=yesterday')).toMatchObject({ status: 400 });
  });

  it('incidents by element, type and user', async () => {
    const { api } = server;
    const choice = `<bpmn:exclusiveGateway id="choice"/><bpmn:sequenceFlow id="to" sourceRef="start" targetRef="choice"/><bpmn:sequenceFlow id="yes" sourceRef="choice" targetRef="end"><bpmn:conditionExpression>=ok</bpmn:conditionExpression></bpmn:sequenceFlow><bpmn:endEvent id="other"/><bpmn:sequenceFlow id="no" sourceRef="choice" targetRef="other"><bpmn:conditionExpression>=ok = 2</bpmn:conditionExpression></bpmn:sequenceFlow>`;
    await api.deploy(diagram(process('stuck', start + choice + end)));
    await api.start('stuck', 'ann');
    await api.start('stuck', 'bob');
    const count = async (query: string): Promise<number> =>
      (await api.ok<IncidentPage>('GET', `/incidents?${query}`)).items.length;
    expect(await count('element=choice')).toBe(2);
    expect(await count('element=choice&userId=ann')).toBe(1);
    expect(await count('type=no-flow-chosen')).toBe(2);
    expect(await count('type=task-failed')).toBe(0);
  });

  it.each([
    ['workflow', `workflow_key = 'order'`],
    ['workflow and version', `workflow_key = 'order' AND version = 1 AND status = 'active'`],
    ['user', `subject_id = 'ann'`],
    ['business key', `business_key = 'order-ann'`],
    ['incident', `open_incidents > 0`],
    ['suspension', `suspended_at IS NOT NULL`],
    ['variable', `id IN (SELECT instance_id FROM instance_variable WHERE name = 'plan' AND value = 'gold')`],
  ])('by %s has an index', async (_name, condition) => {
    const client = await server.database.pool.connect();
    try {
      // Small tables are read as a whole otherwise.
      await client.query('SET enable_seqscan = off');
      const { rows } = await client.query<Record<string, string>>(
        `EXPLAIN SELECT id FROM instance WHERE ${condition} ORDER BY id DESC LIMIT 50`,
      );
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).toMatch(/Index|Bitmap/);
      expect(plan).not.toMatch(/Seq Scan/);
    } finally {
      client.release(true);
    }
  });
});
