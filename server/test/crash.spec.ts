import { jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChildServer } from './child-server.js';
import { diagram, end, message, process, receive, sequence, stage, start, wait } from './diagram.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

// Four server processes start here, one after the other; on a busy machine each takes its time.
jest.setTimeout(180_000);

const users = Array.from({ length: 400 }, (_, index) => `user-${index}`);

/** Points are added, not set: adding them twice would show. */
const journey = diagram(
  message('go', 'go'),
  process(
    'journey',
    sequence(
      start,
      stage('one', 'Activation'),
      `<bpmn:serviceTask id="tag-it"><bpmn:extensionElements><xflow:tag add="began"/></bpmn:extensionElements></bpmn:serviceTask>`,
      wait('three-days', 'P3D'),
      stage('two', 'Retention'),
      receive('go-on', 'go'),
      stage('three', 'Revenue'),
      end,
    ),
  ),
);

describe('a server that is killed in the middle of its work', () => {
  let database: TestDatabase;
  let server: ChildServer;
  beforeAll(async () => {
    database = await createTestDatabase();
    server = await ChildServer.start(database.url);
  });

  /** Kills the server once the condition holds in the database, and starts another one. */
  async function killWhen(condition: string): Promise<void> {
    for (;;) {
      const { rows } = await database.pool.query<{ reached: boolean }>(`SELECT ${condition} AS reached`);
      if (rows[0]!.reached) break;
      // Leaves the cores to the server that is to get there.
      await sleep(2);
    }
    await server.kill();
    server = await ChildServer.start(database.url);
  }

  it('goes on after the restart, loses nothing and repeats nothing', async () => {
    await server.api.deploy(journey);
    await Promise.all(users.map((id) => server.api.ok('PUT', `/users/${id}`, {})));
    await server.api.ok('POST', '/workflows/journey/start', { users: users.map((userId) => ({ userId })) });
    await killWhen(`(SELECT count(*) FROM history) >= 1`);
    await server.api.rest();

    const advance = server.api.advance('P3D').catch(() => undefined);
    await killWhen(`(SELECT count(*) FROM history) > ${users.length}`);
    await advance;
    await server.api.advance('P3D');

    const published = Promise.allSettled(
      users.map((id) => server.api.publish('go', id, { messageId: 'only', ttlSeconds: 86_400 })),
    );
    await killWhen(`(SELECT count(*) FROM message) > 0`);
    await published;
    // Who got no answer asks again: the message id makes the repeat harmless.
    await Promise.all(users.map((id) => server.api.publish('go', id, { messageId: 'only', ttlSeconds: 86_400 })));
    await server.api.rest();

    const { rows: statuses } = await database.pool.query(
      `SELECT status, count(*)::int AS n FROM instance GROUP BY status`,
    );
    expect(statuses).toEqual([{ status: 'completed', n: users.length }]);
    const { rows: changes } = await database.pool.query(
      `SELECT kind, to_value, count(*)::int AS n, count(DISTINCT subject_id)::int AS users FROM user_change
       WHERE instance_id IS NOT NULL GROUP BY kind, to_value ORDER BY kind, to_value`,
    );
    const each = { n: users.length, users: users.length };
    expect(changes).toEqual([
      { kind: 'stage', to_value: 'Activation', ...each },
      { kind: 'stage', to_value: 'Retention', ...each },
      { kind: 'stage', to_value: 'Revenue', ...each },
      { kind: 'tag', to_value: 'began', ...each },
    ]);
    const { rows: gaps } = await database.pool.query(
      `SELECT i.id FROM instance i JOIN (
         SELECT instance_id, sum(json_array_length(steps)) AS steps, min(revision) AS first FROM history GROUP BY instance_id
       ) h ON h.instance_id = i.id WHERE h.steps <> i.revision OR h.first <> 1`,
    );
    expect(gaps).toEqual([]);
  });
});
