import { TaskHandler, type Job, type JobHandler } from '../src/task-handlers/task-handler.js';
import { diagram, end, process as processOf, sequence, start, task } from './diagram.js';
import { startTestServer, type TestServer } from './test-server.js';

const jobs = 300;

/** All end in the same moment. */
@TaskHandler('together', { schema: { type: 'object' }, concurrency: jobs })
class Together implements JobHandler {
  static readonly attempts: string[] = [];
  private static readonly letGo: (() => void)[] = [];

  async run({ idempotencyKey }: Job): Promise<null> {
    if (Together.attempts.push(idempotencyKey) === jobs) for (const resolve of Together.letGo) resolve();
    else await new Promise<void>((resolve) => Together.letGo.push(resolve));
    return null;
  }
}

describe('results of jobs', () => {
  let server: TestServer;
  beforeAll(async () => {
    process.env['XFLOW_BOUNDS'] = 'queue=100';
    server = await startTestServer({ handlers: [Together] });
    await server.api.createUsers('ann');
    await server.api.deploy(diagram(processOf('together', sequence(start, task('work', 'together'), end))));
  });
  afterAll(() => {
    delete process.env['XFLOW_BOUNDS'];
  });

  it('wait where there is no room for them, and no job is done twice', async () => {
    const users = Array.from({ length: jobs }, () => ({ userId: 'ann' }));
    await server.api.ok('POST', '/workflows/together/start', { users });
    await server.api.rest();
    const { rows } = await server.database.pool.query(`SELECT FROM instance WHERE status = 'completed'`);
    expect(rows).toHaveLength(jobs);
    expect(Together.attempts).toHaveLength(jobs);
  });
});
