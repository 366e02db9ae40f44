import { diagram, end, process, sequence, start, wait } from './diagram.js';
import { startTestServer, type TestServer } from './test-server.js';

describe('what another server has left behind', () => {
  let server: TestServer;
  let instanceId: string;
  beforeAll(async () => {
    server = await startTestServer({ testClock: false });
    const { api, database } = server;
    await api.deploy(diagram(process('timer', sequence(start, wait('three-days', 'P3D'), end))));
    await api.createUsers('ann');
    instanceId = await api.start('timer', 'ann');
    // As another server would have committed it that died before it told.
    await database.pool.query(`UPDATE command SET due_at = due_at - interval '3 days'`);
  });

  it('is done once that server, which had called for guard, is not heard of any more', async () => {
    const live = await fetch(`${server.url}/api/instances/${instanceId}/live`);
    const call = { from: 'another', due: null, jobs: false, cancelledJobs: false, workflows: [], atWork: true };
    await server.database.pool.query(`SELECT pg_notify('xflow_runner', $1)`, [JSON.stringify(call)]);
    // The stream ends with the instance.
    expect(await live.text()).toContain('"completed"');
  });
});
