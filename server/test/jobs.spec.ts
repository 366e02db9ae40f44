import { TaskHandler, type Job, type JobHandler } from '../src/task-handlers/task-handler.js';
import { diagram, end, process, sequence, start, task } from './diagram.js';
import { startTestServer, type TestServer } from './test-server.js';

/** Fails as often as its configuration says, and keeps what it was given. */
@TaskHandler('flaky', {
  schema: { type: 'object', properties: { failures: { type: 'number' } }, required: ['failures'] },
})
class Flaky implements JobHandler<{ failures: number }> {
  static readonly attempts = new Map<string, string[]>();
  static healed = false;

  async run(job: Job<{ failures: number }>): Promise<{ attempts: number }> {
    const attempts = Flaky.attempts.get(job.instanceId) ?? [];
    Flaky.attempts.set(job.instanceId, [...attempts, job.idempotencyKey]);
    if (attempts.length < job.config.failures && !Flaky.healed) throw new Error('The other side is away.');
    return await Promise.resolve({ attempts: attempts.length + 1 });
  }
}

describe('jobs', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ handlers: [Flaky] });
    await server.api.createUsers('ann', 'bob', 'cid');
    for (const failures of [0, 2, 99])
      await server.api.deploy(
        diagram(process(`job-${failures}`, sequence(start, task('work', 'flaky', { failures: `${failures}` }), end))),
      );
  });

  it('are done after the commit, and their results go on in the instance', async () => {
    const { api } = server;
    const id = await api.start('job-0', 'ann');
    await api.rest();
    expect(await api.status(id)).toMatchObject({ status: 'completed', variables: { result: { attempts: 1 } } });
    expect(Flaky.attempts.get(id)).toEqual([expect.stringContaining(`${id}:work:`)]);
  });

  it('are tried again, later and later, with the same idempotency key', async () => {
    const { api } = server;
    const id = await api.start('job-2', 'bob');
    await api.rest();
    expect(Flaky.attempts.get(id)).toHaveLength(1);
    await api.advance('PT1M');
    expect(await api.status(id)).toMatchObject({ status: 'completed', variables: { result: { attempts: 3 } } });
    expect(new Set(Flaky.attempts.get(id))).toHaveProperty('size', 1);
  });

  it('become an incident when their attempts are used up, which can be retried', async () => {
    const { api } = server;
    const id = await api.start('job-99', 'cid');
    await api.advance('PT1H');
    expect(Flaky.attempts.get(id)).toHaveLength(5);
    const { incidents } = await api.status(id);
    expect(incidents).toMatchObject([
      { type: 'task-failed', elementId: 'work', reason: expect.stringContaining('The other side is away.') },
    ]);
    const path = `/instances/${id}/incidents/${incidents[0]!.id}/resolve`;
    expect(await api.refused('POST', path, { action: 'take-flow', flowId: 'x' })).toMatchObject({ status: 400 });
    Flaky.healed = true;
    await api.ok('POST', path, { action: 'retry' });
    await api.rest();
    expect(await api.status(id)).toMatchObject({ status: 'completed', openIncidents: 0 });
    expect(new Set(Flaky.attempts.get(id))).toHaveProperty('size', 1);
  });

  it('are tried as often as their element says, and as long after a failure', async () => {
    const { api } = server;
    Flaky.healed = false;
    const xml = diagram(process('job-retry', sequence(start, task('work', 'flaky', { failures: '99' }), end)));
    await api.deploy(xml.replace('<xflow:task ', '<xflow:retry attempts="2" backoff="PT10M" /><xflow:task '));
    const id = await api.start('job-retry', 'cid');
    await api.rest();
    await api.advance('PT9M');
    expect(Flaky.attempts.get(id)).toHaveLength(1);
    await api.advance('PT1M');
    expect(Flaky.attempts.get(id)).toHaveLength(2);
    expect((await api.status(id)).incidents).toMatchObject([{ type: 'task-failed', elementId: 'work' }]);
  });

  it('of an instance that was cancelled are not attempted again', async () => {
    const { api, database } = server;
    Flaky.healed = false;
    const id = await api.start('job-99', 'ann');
    await api.rest();
    await api.ok('POST', `/workflows/${id}/cancel`);
    await api.advance('PT1H');
    expect(Flaky.attempts.get(id)).toHaveLength(1);
    expect((await database.pool.query('SELECT id FROM task')).rows).toEqual([]);
  });

  it('that a dead server held are taken over by the next', async () => {
    const { database } = server;
    const id = await server.api.start('job-2', 'bob');
    await server.api.rest();
    // As a server leaves it that is killed in the middle of an attempt.
    await database.pool.query(
      `UPDATE task SET lease_owner = gen_random_uuid(), next_attempt_at = next_attempt_at + interval '5 minutes' WHERE instance_id = $1`,
      [id],
    );
    const next = await startTestServer({ handlers: [Flaky], database });
    await next.api.rest();
    expect(Flaky.attempts.get(id)).toHaveLength(2);
    await next.close();
  });
});
