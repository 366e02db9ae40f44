import type {
  BatchOperation,
  ElementCounts,
  IncidentGroups,
  InstanceCount,
  IncidentPage,
  InstancePage,
} from '@xflow/schemas';
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

    const groups = await api.ok<IncidentGroups>('GET', '/incidents/groups');
    expect(groups).toMatchObject({
      isComplete: true,
      items: [{ workflowKey: 'stuck', elementId: 'choice', type: 'no-flow-chosen', count: 2 }],
    });
    expect(await count(`reason=${encodeURIComponent(groups.items[0]!.reason)}`)).toBe(2);
    expect(await count('reason=Another')).toBe(0);
    expect(await api.ok('GET', '/incidents/groups?workflow=order')).toEqual({ items: [], isComplete: true });
  });

  it('incidents whose reasons differ by numbers and ids as those of one cause', async () => {
    const { api } = server;
    const fail = `<bpmn:scriptTask id="fail" scriptFormat="javascript"><bpmn:script>throw new Error(text)</bpmn:script></bpmn:scriptTask>`;
    await api.deploy(diagram(process('fails', sequence(start, fail, end))));
    const ids = ['7d1c8a52-6a3e-4c4b-9f5e-0d7b7b3c1a11', '0B7E6F2C-1111-4222-8333-444455556666'];
    for (const text of [`order 17 of ${ids[0]}`, `order 4 of ${ids[1]}`, 'order without a number'])
      await api.start('fails', 'ann', { text });
    const { items } = await api.ok<IncidentGroups>('GET', '/incidents/groups?workflow=fails');
    expect(items.map(({ count, reason }) => [count, /Error: (.*?)\.?$/.exec(reason)![1]])).toEqual([
      [2, 'order … of …'],
      [1, 'order without a number'],
    ]);
    const { reason } = items[0]!;
    const found = await api.ok<IncidentPage>('GET', `/incidents?reason=${encodeURIComponent(reason)}`);
    expect(found.items).toHaveLength(2);
    const retry = { action: 'retry-incidents', filter: { workflow: 'fails' }, incidents: { reason } };
    const { id } = await api.ok<BatchOperation>('POST', '/batch-operations', retry);
    await api.rest();
    expect(await api.ok('GET', `/batch-operations/${id}`)).toMatchObject({ status: 'done', total: 2 });
  });

  it('by the time of their end, and by who called them', async () => {
    const { api } = server;
    const call = '<bpmn:callActivity id="call" calledElement="called"/>';
    await api.deploy(diagram(process('called', sequence(start, userTask('ask'), end))));
    await api.deploy(diagram(process('caller', sequence(start, call, end))));
    const parent = await api.start('caller', 'ann');
    await api.rest();
    const { items } = await api.ok<InstancePage>('GET', `/instances?parentInstanceId=${parent}`);
    expect(items).toMatchObject([{ workflowKey: 'called', userId: 'ann' }]);
    const before = (await api.ok<{ now: string }>('GET', '/clock')).now;
    await api.ok('POST', `/workflows/${parent}/cancel`);
    await api.advance('PT1M');
    const ended = `workflow=caller&endedFrom=${encodeURIComponent(before)}`;
    expect(await found(ended)).toEqual(['ann']);
    expect(await found(`workflow=caller&endedTo=${encodeURIComponent(before)}`)).toEqual([]);
  });

  it('and how many they are', async () => {
    const count = (query: string) => server.api.ok<InstanceCount>('GET', `/instances/count?${query}`);
    expect(await count('workflow=order')).toEqual({ count: 3, isComplete: true });
    expect(await count('workflow=order&userId=ann&status=active')).toEqual({ count: 1, isComplete: true });
    expect(await count('workflow=nothing')).toEqual({ count: 0, isComplete: true });
    expect(await server.api.refused('GET', '/instances/count?status=odd')).toMatchObject({ status: 400 });
  });

  it('and where they are, counted by element', async () => {
    const elements = await server.api.ok<ElementCounts>('GET', '/workflows/order/elements');
    expect(elements.items).toEqual([{ elementId: 'pack', active: 3, incidents: 0 }]);
    expect(await server.api.ok('GET', '/workflows/order/elements?version=2')).toEqual({ items: [] });
    expect(await server.api.ok('GET', '/workflows/stuck/elements?version=1')).toEqual({
      items: [{ elementId: 'choice', active: 2, incidents: 2 }],
    });
    expect(await server.api.refused('GET', '/workflows/nothing/elements')).toMatchObject({ status: 404 });
  });

  it('few among very many, in as many answers as it takes', async () => {
    const { api, database } = server;
    await database.pool.query(
      `WITH pattern AS (SELECT * FROM instance WHERE id = $1), copy AS (
         SELECT p.*, ('019b8cf4-9d80-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS copy_id, n FROM pattern p, generate_series(1, 5000) AS n
       ), variables AS (
         INSERT INTO instance_variable (subject_id, instance_id, name, value)
         SELECT 'many', copy_id, name, CASE name WHEN 'plan' THEN 'iron' ELSE (n % 2500)::text END
         FROM copy, (VALUES ('plan'), ('amount')) AS v (name)
       ), counted AS (
         INSERT INTO instance_count_change (workflow_key, version, status, element_id, instances, incidents) VALUES
           ('order', 1, 'active', '', 5000, 0), ('order', 1, '', 'pack', 4998, 0), ('order', 1, '', 'ship', 2, 0)
       )
       INSERT INTO instance (subject_id, id, workflow_key, version, status, revision, waiting_at, open_incidents, state, started_at)
       SELECT 'many', copy_id, workflow_key, version, 'active', revision, ARRAY[CASE WHEN n IN (7, 4000) THEN 'ship' ELSE 'pack' END], 0, state,
         '2026-01-05T07:00:00Z' FROM copy`,
      [ids['ann']],
    );
    const all = async (query: string): Promise<number> => {
      let items = 0;
      for (let cursor: string | null = ''; cursor !== null;) {
        const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const page: InstancePage = await api.ok('GET', `/instances?limit=1000&${query}${more}`);
        items += page.items.length;
        cursor = page.nextCursor;
      }
      return items;
    };
    expect(await all('userId=many')).toBe(5_000);
    expect(await all('workflow=order&status=active&userId=many')).toBe(5_000);
    expect(await all('element=ship')).toBe(2);
    expect(await all('element=ship&workflow=order&version=1')).toBe(2);
    expect(await all('element=nowhere')).toBe(0);
    expect(await all(by('plan=iron'))).toBe(5_000);
    expect(await all(by('plan=iron', 'amount=7'))).toBe(2);
    expect(await all(`${by('plan=iron', 'amount=7')}&element=ship`)).toBe(1);
    expect(await all('startedTo=2026-01-05T07:00:00.001Z')).toBe(5_000);
    expect(await all('startedFrom=2026-01-05T07:00:00Z&startedTo=2026-01-05T07:00:00Z')).toBe(0);
    expect(await all('incident=false&suspended=false&userId=many')).toBe(5_000);
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
