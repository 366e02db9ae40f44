import { diagram, end, process, sequence, start, wait } from './diagram.js';
import { startTestServer, type TestServer } from './test-server.js';

const condition = (feel: string): string =>
  `<bpmn:conditionalEventDefinition><bpmn:condition xsi:type="bpmn:tFormalExpression">=${feel}</bpmn:condition></bpmn:conditionalEventDefinition>`;
const begin = (feel: string): string => `<bpmn:startEvent id="begin">${condition(feel)}</bpmn:startEvent>`;
const until = (feel: string): string =>
  `<bpmn:intermediateCatchEvent id="until">${condition(feel)}</bpmn:intermediateCatchEvent>`;
const addTag = `<bpmn:serviceTask id="add"><bpmn:extensionElements><xflow:tag add="vip"/></bpmn:extensionElements></bpmn:serviceTask>`;

describe('conditions that read the user', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    await server.api.createUsers('ann', 'bob', 'cid', 'dan', 'eve');
  });

  const started = async (workflow: string): Promise<string[]> => {
    await server.api.rest();
    const { rows } = await server.database.pool.query<{ subject_id: string }>(
      `SELECT subject_id FROM instance WHERE workflow_key = $1 AND status = 'active' ORDER BY subject_id`,
      [workflow],
    );
    return rows.map((row) => row.subject_id);
  };
  const noted = async (): Promise<number> =>
    (await server.database.pool.query('SELECT FROM changed_user')).rowCount ?? 0;

  it('cost nothing while there is none', async () => {
    await server.api.ok('PUT', '/users/ann', { attributes: { spent: 1 } });
    expect(await noted()).toBe(0);
  });

  it('start an instance for a user each time that they become true, and not while they stay true', async () => {
    const { api } = server;
    await api.deploy(
      diagram(process('thanks', sequence(begin('user.attributes.spent &gt; 100'), wait('pause', 'P1D'), end))),
    );
    await api.ok('PUT', '/users/ann', { attributes: { spent: 101 } });
    await api.ok('PUT', '/users/bob', { attributes: { spent: 99 } });
    expect(await started('thanks')).toEqual(['ann']);
    await api.ok('PUT', '/users/ann', { attributes: { spent: 150 } });
    expect(await started('thanks')).toEqual(['ann']);
    await api.ok('PUT', '/users/ann', { attributes: { spent: 0 } });
    expect(await started('thanks')).toEqual(['ann']);
    await api.ok('PUT', '/users/ann', { attributes: { spent: 200 } });
    expect(await started('thanks')).toEqual(['ann', 'ann']);
    expect(await noted()).toBe(0);
  });

  it('begin an instance at once that is started over the API', async () => {
    const { api } = server;
    const id = await api.start('thanks', 'eve');
    await api.rest();
    expect((await api.status(id)).waitingAt).toEqual(['pause']);
    await api.ok('POST', `/workflows/${id}/cancel`);
  });

  it('stay as they were for those who were looked at, when another version is deployed', async () => {
    const { api } = server;
    await api.deploy(
      diagram(process('thanks', sequence(begin('user.attributes.spent &gt; 100'), wait('longer', 'P2D'), end))),
    );
    await api.ok('PUT', '/users/ann', { attributes: { spent: 201 } });
    expect(await started('thanks')).toEqual(['ann', 'ann']);
    await api.ok('PUT', '/users/cid', { attributes: { spent: 201 } });
    expect(await started('thanks')).toEqual(['ann', 'ann', 'cid']);
  });

  it('start with events, by the segments that follow from them, and with what journeys do', async () => {
    const { api } = server;
    await api.ok('POST', '/segments', { id: 'buyers', rule: { event: 'purchase' } });
    for (const one of [
      process('welcome', sequence(begin('segment(&quot;buyers&quot;)'), wait('pause', 'P1D'), end)),
      process('tagged', sequence(begin('list contains(user.tags, &quot;vip&quot;)'), wait('rest', 'P1D'), end)),
      process('tag', sequence(start, addTag, end)),
    ])
      await api.deploy(diagram(one));
    await api.ok('POST', '/events', { userId: 'bob', name: 'purchase' });
    expect(await started('welcome')).toEqual(['bob']);
    await api.start('tag', 'dan');
    expect(await started('tagged')).toEqual(['dan']);
  });

  it('see the events that a server has stored whose clock is ahead', async () => {
    const { api, database } = server;
    await api.ok('POST', '/segments', { id: 'visitors', rule: { event: 'visit' } });
    await api.deploy(
      diagram(process('seen', sequence(start, until('segment(&quot;visitors&quot;)'), wait('pause', 'P1D'), end))),
    );
    const ahead = await startTestServer({ database });
    await ahead.api.advance('PT5S');
    await ahead.api.ok('POST', '/events', { userId: 'cid', name: 'visit' });
    await ahead.api.rest();
    await ahead.stop();
    const id = await api.start('seen', 'cid');
    expect((await api.status(id)).waitingAt).toEqual(['pause']);
  });

  it('wake instances that wait for them', async () => {
    const { api } = server;
    await api.deploy(
      diagram(
        process('patient', sequence(start, until('user.stage = &quot;Revenue&quot;'), wait('pause', 'P1D'), end)),
      ),
    );
    const [eve, dan] = [await api.start('patient', 'eve'), await api.start('patient', 'dan')];
    await api.ok('PUT', '/users/eve', { attributes: { spent: 1 } });
    await api.rest();
    expect((await api.status(eve)).waitingAt).toEqual(['until']);
    await api.ok('POST', '/users/eve/lifecycle/transition', { stage: 'Revenue' });
    await api.rest();
    expect([(await api.status(eve)).waitingAt, (await api.status(dan)).waitingAt]).toEqual([['pause'], ['until']]);
  });

  it('see every change, however close it comes to the moment in which they begin to wait', async () => {
    const { api } = server;
    const users = Array.from({ length: 40 }, (_, index) => `close-${index}`);
    await api.createUsers(...users);
    await api.deploy(
      diagram(process('close', sequence(start, until('user.attributes.ready = true'), wait('pause', 'P1D'), end))),
    );
    const change = (user: string) => api.ok('PUT', `/users/${user}`, { attributes: { ready: true } });
    const ids = await Promise.all(
      users.map(async (user, index) => {
        const changing = index % 2 === 0 ? change(user) : null;
        const id = await api.start('close', user);
        await (changing ?? change(user));
        return id;
      }),
    );
    await api.rest();
    for (const id of ids) expect((await api.status(id)).waitingAt).toEqual(['pause']);
  });

  it('start one instance for many changes at once', async () => {
    const { api } = server;
    await api.createUsers('many');
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => api.ok('PUT', '/users/many', { attributes: { spent: 101 + index } })),
    );
    expect((await started('thanks')).filter((user) => user === 'many')).toEqual(['many']);
  });
});
