import { diagram, end, process, sequence, start, task, wait } from './diagram.js';
import { startTestServer, type TestApi, type TestServer } from './test-server.js';

const pause = diagram(process('pause', sequence(start, wait('hour', 'PT1H'), end)));

describe('the API of workflows and instances', () => {
  let server: TestServer;
  let api: TestApi;
  beforeAll(async () => {
    server = await startTestServer();
    api = server.api;
    await api.deploy(pause);
    await api.createUsers('ann', 'bob', 'cid');
  });

  const countInstances = async (): Promise<number> =>
    (await server.database.pool.query<{ n: number }>('SELECT count(*)::int AS n FROM instance')).rows[0]!.n;

  describe('deploy', () => {
    it('makes a new version on change, and none of identical content', async () => {
      const first = await api.request('POST', '/workflows', { xml: diagram(process('grows', sequence(start, end))) });
      expect(first).toMatchObject({ status: 201, body: { workflows: [{ key: 'grows', version: 1, created: true }] } });
      const same = await api.request('POST', '/workflows', diagram(process('grows', sequence(start, end))));
      expect(same).toMatchObject({ status: 200, body: { workflows: [{ key: 'grows', version: 1, created: false }] } });
      const changed = await api.request(
        'POST',
        '/workflows',
        diagram(process('grows', sequence(start, wait('w', 'PT1S'), end))),
      );
      expect(changed).toMatchObject({
        status: 201,
        body: { workflows: [{ key: 'grows', version: 2, created: true }] },
      });
      expect(await api.ok('GET', '/workflows/grows')).toMatchObject({
        version: 2,
        versions: [{ version: 2 }, { version: 1 }],
      });
      expect(await api.ok('GET', '/workflows/grows?version=1')).toMatchObject({ version: 1 });
      expect(await api.refused('GET', '/workflows/grows?version=3')).toMatchObject({ status: 404 });
    });

    it('gives one version to the same file deployed by several at once', async () => {
      const xml = diagram(process('crowd', sequence(start, end)));
      const answers = await Promise.all(Array.from({ length: 5 }, () => api.request('POST', '/workflows', xml)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
    });

    it('lists every problem of what the diagram names, each with element and remedy', async () => {
      const problem = await api.refused(
        'POST',
        '/workflows',
        diagram(
          process(
            'lost',
            sequence(
              start,
              `<bpmn:serviceTask id="check"><bpmn:extensionElements><xflow:segmentCheck segment="nowhere"/></bpmn:extensionElements></bpmn:serviceTask>`,
              `<bpmn:serviceTask id="upgrade"><bpmn:extensionElements><xflow:tierUpgrade ladder="nothing"/></bpmn:extensionElements></bpmn:serviceTask>`,
              `<bpmn:sendTask id="mail"><bpmn:extensionElements><xflow:message channel="email" template="blank"/></bpmn:extensionElements></bpmn:sendTask>`,
              '<bpmn:callActivity id="call" calledElement="elsewhere"/>',
              end,
            ),
          ),
        ),
      );
      expect(problem).toMatchObject({ status: 422, type: 'urn:xflow:problem:unprocessable' });
      expect(problem.errors?.map(({ elementId, rule }) => [elementId, rule])).toEqual([
        ['check', 'unknown-segment'],
        ['upgrade', 'unknown-ladder'],
        ['mail', 'unknown-template'],
        ['call', 'unknown-workflow'],
      ]);
      expect(problem.errors?.every(({ remedy }) => remedy.endsWith('.'))).toBe(true);
      expect(await api.refused('GET', '/workflows/lost')).toMatchObject({ status: 404 });
    });

    it('lists mistakes of the diagram and unknown names together', async () => {
      const check =
        '<bpmn:serviceTask id="check"><bpmn:extensionElements><xflow:segmentCheck segment="nowhere"/></bpmn:extensionElements></bpmn:serviceTask>';
      const xml = diagram(process('lost', sequence(start, task('t', 'no-such-type'), check, end)));
      const problem = await api.refused('POST', '/workflows', xml);
      const errors = problem.errors?.map(({ elementId, rule }) => [elementId, rule]);
      expect(errors).toEqual(
        expect.arrayContaining([
          ['t', 'task-type'],
          ['check', 'unknown-segment'],
        ]),
      );
    });

    it.each([
      ['no XML', 'hello'],
      ['XML that is not BPMN', '<html><body/></html>'],
      ['a DOCTYPE', `<!DOCTYPE x [<!ENTITY a "b">]>${pause}`],
      ['an unknown task type', diagram(process('p', sequence(start, task('t', 'no-such-type'), end)))],
      [
        'a dangling reference',
        diagram(process('p', `${start}<bpmn:sequenceFlow id="f" sourceRef="start" targetRef="gone"/>`)),
      ],
      ['duplicate ids', diagram(process('p', sequence(start, end) + '<bpmn:task id="end"/>'))],
      ['nothing executable', diagram('<bpmn:process id="p"/>')],
    ])('refuses %s with a remedy', async (_what, xml) => {
      const problem = await api.refused('POST', '/workflows', { xml });
      expect(problem.status).toBe(422);
      expect(problem.errors?.length).toBeGreaterThan(0);
      expect(problem.errors?.every(({ message, remedy }) => message.endsWith('.') && remedy.endsWith('.'))).toBe(true);
    });

    it('refuses a body of 50 MB', async () => {
      const response = await fetch(`${server.url}/api/workflows`, {
        method: 'POST',
        headers: { 'content-type': 'application/xml' },
        body: 'x'.repeat(50 * 1024 * 1024),
      }).catch(() => null);
      // The server answers and hangs up while the client still sends; what the client sees first is up to the network.
      if (response) expect(response.status).toBe(413);
      expect(await api.request('GET', '/health')).toMatchObject({ status: 200 });
    });
  });

  describe('start', () => {
    it('refuses an unknown workflow, version or user', async () => {
      const before = await countInstances();
      expect(await api.refused('POST', '/workflows/none/start', { userId: 'ann' })).toMatchObject({ status: 404 });
      expect(await api.refused('POST', '/workflows/pause/start', { userId: 'ann', version: 9 })).toMatchObject({
        status: 404,
      });
      expect(await api.refused('POST', '/workflows/pause/start', { userId: 'eve' })).toMatchObject({
        status: 404,
        detail: expect.stringContaining('PUT /api/users/eve'),
      });
      expect(await api.refused('POST', '/workflows/pause/start', {})).toMatchObject({ status: 400 });
      expect(await countInstances()).toBe(before);
    });

    it('of many is all or nothing', async () => {
      const before = await countInstances();
      const users = [{ userId: 'ann' }, { userId: 'eve' }, { userId: 'bob' }, { userId: 'mallory' }];
      const problem = await api.refused('POST', '/workflows/pause/start', { users });
      expect(problem.errors?.map(({ field }) => field)).toEqual(['$.users[1].userId', '$.users[3].userId']);
      expect(await countInstances()).toBe(before);
      const { instances } = await api.ok<{ instances: { id: string; userId: string }[] }>(
        'POST',
        '/workflows/pause/start',
        {
          users: [{ userId: 'bob', variables: { n: 1 }, businessKey: 'B-1' }, { userId: 'ann' }],
        },
      );
      expect(instances.map(({ userId }) => userId)).toEqual(['bob', 'ann']);
      await api.rest();
      expect(await api.status(instances[0]!.id)).toMatchObject({
        businessKey: 'B-1',
        variables: { n: 1 },
        waitingAt: ['hour'],
      });
    });

    it.each([
      ['one', { userId: 'ann' }],
      ['many', { users: [{ userId: 'ann' }, { userId: 'bob' }] }],
    ])('of %s with an Idempotency-Key starts once', async (what, body) => {
      const headers = { 'idempotency-key': `key-${what}` };
      const before = await countInstances();
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => api.request('POST', '/workflows/pause/start', body, headers)),
      );
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(answers[0]!.status).toBe(201);
      expect(await countInstances()).toBe(before + ('users' in body ? 2 : 1));
      const other = await api.refused('POST', '/workflows/pause/start', { userId: 'cid' }, headers);
      expect(other).toMatchObject({ status: 422, type: 'urn:xflow:problem:idempotency-key-reused' });
    });

    it('gives the key of a refused request free again', async () => {
      const headers = { 'idempotency-key': 'key-refused' };
      await api.refused('POST', '/workflows/pause/start', { userId: 'dan' }, headers);
      await api.createUsers('dan');
      expect(await api.request('POST', '/workflows/pause/start', { userId: 'dan' }, headers)).toMatchObject({
        status: 201,
      });
    });
  });

  describe('a workflow with two none start events', () => {
    const branch = (name: string) => sequence(`<bpmn:startEvent id="${name}"/>`, wait(`${name}-hour`, 'PT1H'));
    const caller = sequence(start, '<bpmn:callActivity id="call" calledElement="branches"/>', end);
    beforeAll(() =>
      api.deploy(diagram(process('branches', branch('online') + branch('shop')), process('calls-branches', caller))),
    );

    it('begins at the one that the start names', async () => {
      const starts: [string, string, object][] = [
        ['start', 'online', { userId: 'ann' }],
        ['start', 'shop', { users: [{ userId: 'ann' }, { userId: 'bob', variables: { n: null } }] }],
      ];
      for (const [path, startEvent, body] of starts) {
        const { instances } = await api.ok<{ instances: { id: string }[] }>('POST', `/workflows/branches/${path}`, {
          ...body,
          startEvent,
        });
        await api.rest();
        for (const { id } of instances)
          expect(await api.status(id)).toMatchObject({ status: 'active', waitingAt: [`${startEvent}-hour`] });
      }
      expect(
        await api.ok('POST', '/workflows/execute', { key: 'branches', userId: 'ann', startEvent: 'shop' }),
      ).toMatchObject({ waitingAt: ['shop-hour'] });
    });

    it.each([
      ['start', { userId: 'ann' }],
      ['start', { users: [{ userId: 'ann' }] }],
      ['execute', { key: 'branches', userId: 'ann' }],
    ])('starts nothing by %s of %j without a name, or with a wrong one', async (what, body) => {
      const path = what === 'execute' ? '/workflows/execute' : '/workflows/branches/start';
      const before = await countInstances();
      for (const wrong of [{}, { startEvent: 'shop-hour' }]) {
        const problem = await api.refused('POST', path, { ...body, ...wrong });
        expect(problem).toMatchObject({ status: 422, errors: [{ field: '$.startEvent' }] });
        expect(problem.errors?.[0]?.remedy).toContain('online, shop');
      }
      expect(await countInstances()).toBe(before);
    });

    it('is not called, since a call activity cannot name one', async () => {
      const { instances } = await api.ok<{ instances: { id: string }[] }>('POST', '/workflows/calls-branches/start', {
        userId: 'ann',
      });
      await api.rest();
      expect(await api.status(instances[0]!.id)).toMatchObject({
        incidents: [{ elementId: 'call', type: 'call-failed' }],
      });
    });
  });

  it('executes a diagram in one call, to its end', async () => {
    const xml = diagram(process('quick', sequence(start, end)));
    const done = await api.ok('POST', '/workflows/execute', {
      xml,
      userId: 'ann',
      variables: { a: 1 },
      waitSeconds: 5,
    });
    expect(done).toMatchObject({ workflowKey: 'quick', status: 'completed', variables: { a: 1 }, tokens: [] });
    expect(await api.ok('POST', '/workflows/execute', { key: 'pause', userId: 'ann' })).toMatchObject({
      status: 'active',
    });
    expect(await api.refused('POST', '/workflows/execute', { userId: 'ann' })).toMatchObject({ status: 400 });
    expect(await api.refused('POST', '/workflows/execute', { xml, key: 'other', userId: 'ann' })).toMatchObject({
      status: 400,
    });
  });

  it('lets someone choose where an exclusive gateway without conditions goes on', async () => {
    const xml = diagram(
      process(
        'choose',
        `${start}<bpmn:exclusiveGateway id="gate"/><bpmn:endEvent id="left"/><bpmn:endEvent id="right"/>
         <bpmn:sequenceFlow id="in" sourceRef="start" targetRef="gate"/><bpmn:sequenceFlow id="to-left" sourceRef="gate" targetRef="left"/>
         <bpmn:sequenceFlow id="to-right" sourceRef="gate" targetRef="right"/>`,
      ),
    );
    const { problems } = await api.ok<{ problems: { level: string }[] }>('POST', '/workflows', xml);
    expect(problems.map(({ level }) => level)).toContain('warning');
    for (const _ of ['first', 'second'])
      expect(await api.ok('GET', '/workflows/choose')).toMatchObject({ xml, problems });
    const id = await api.start('choose', 'ann');
    const { incidents } = await api.status(id);
    expect(incidents).toMatchObject([{ type: 'no-flow-chosen', choices: ['to-left', 'to-right'] }]);
    const path = `/instances/${id}/incidents/${incidents[0]!.id}/resolve`;
    expect(await api.refused('POST', path, { action: 'take-flow', flowId: 'in' })).toMatchObject({ status: 400 });
    expect(await api.ok('POST', path, { action: 'take-flow', flowId: 'to-right' })).toMatchObject({
      status: 'completed',
    });
    expect(JSON.stringify(await api.history(id))).toContain('"right"');
    expect(await api.refused('POST', path, { action: 'retry' })).toMatchObject({ status: 409 });
  });

  it('gives decisions to people, and goes on with what they decide', async () => {
    await api.deploy(
      diagram(
        process(
          'decide',
          sequence(
            start,
            `<bpmn:userTask id="approve" name="Approve"><bpmn:extensionElements><xflow:candidates groups="sales"/></bpmn:extensionElements></bpmn:userTask>`,
            end,
          ),
        ),
      ),
    );
    const [first, second] = [await api.start('decide', 'ann'), await api.start('decide', 'bob')];
    const { items } = await api.ok<{ items: { id: string; instanceId: string }[] }>('GET', '/tasks');
    expect(items).toMatchObject([
      { instanceId: first, name: 'Approve', userId: 'ann', candidateGroups: ['sales'] },
      { instanceId: second },
    ]);
    expect(await api.ok('GET', '/tasks?userId=bob')).toMatchObject({
      items: [{ instanceId: second }],
      nextCursor: null,
    });
    const page = await api.ok<{ items: unknown[]; nextCursor: string }>('GET', '/tasks?limit=1');
    expect(await api.ok('GET', `/tasks?limit=1&cursor=${page.nextCursor}`)).toMatchObject({
      items: [{ instanceId: second }],
    });
    const path = `/tasks/${encodeURIComponent(items[0]!.id)}/complete`;
    expect(await api.request('POST', path, { variables: { approved: true } })).toMatchObject({ status: 204 });
    expect(await api.status(first)).toMatchObject({ status: 'completed', variables: { approved: true } });
    expect(await api.refused('POST', path, {})).toMatchObject({ status: 404 });
    expect(await api.refused('POST', '/tasks/no-task/complete', {})).toMatchObject({ status: 404 });
  });

  it('lists instances by what they are, newest first, in pages', async () => {
    await api.createUsers('fay');
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.unshift(await api.start('pause', 'fay'));
    await api.ok('POST', `/workflows/${ids[1]}/cancel`);
    const list = async (query: string): Promise<string[]> =>
      (await api.ok<{ items: { id: string }[] }>('GET', `/instances?userId=fay&${query}`)).items.map(({ id }) => id);
    expect(await list('')).toEqual(ids);
    expect(await list('status=cancelled')).toEqual([ids[1]]);
    expect(await list('element=hour')).toEqual([ids[0], ids[2]]);
    expect(await list('workflow=other')).toEqual([]);
    expect(await list('incident=true')).toEqual([]);
    const { nextCursor } = await api.ok<{ nextCursor: string }>('GET', '/instances?userId=fay&limit=2');
    expect(await list(`cursor=${nextCursor}`)).toEqual([ids[2]]);
    expect(await api.refused('GET', '/instances?cursor=junk')).toMatchObject({ status: 400 });
  });

  it.each([
    '/workflows/none/status',
    '/instances/none/history',
    '/workflows/019b8d62-7a80-7000-8cba-05d44993995b/status',
  ])('answers GET %s with 404', async (path) => {
    expect(await api.refused('GET', path)).toMatchObject({ status: 404, type: 'urn:xflow:problem:not-found' });
  });

  it('keeps pages to themselves', async () => {
    const { headers } = await fetch(`${server.url}/api/health`);
    expect(headers.get('content-security-policy')).toContain(`default-src 'none'`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});
