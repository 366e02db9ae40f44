import { makePartitions, dropPartitions } from '../src/retention/history-partitions.js';
import { readRetentionPeriods } from '../src/retention/retention-periods.js';
import { removeEndedInstances } from '../src/retention/sql/remove-ended-instances.js';
import { diagram, end, process as processOf, sequence, stage, start, wait } from './diagram.js';
import { startTestServer, type TestServer } from './test-server.js';

const january = Date.parse('2026-01-05T09:00:00Z');
const day = 86_400_000;

describe('what is kept, and for how long', () => {
  let server: TestServer;
  const partitions = async (): Promise<string[]> =>
    (
      await server.database.pool.query<{ name: string }>(
        `SELECT relname AS name FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE inhparent = 'history'::regclass ORDER BY 1`,
      )
    ).rows.map(({ name }) => name);
  const lines = async (query = ''): Promise<{ instance: { id: string; userId: string }; steps: unknown[] }[]> => {
    const response = await fetch(`${server.url}/api/instances/export${query}`);
    expect(response.headers.get('content-type')).toContain('application/x-ndjson');
    return (await response.text())
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { instance: { id: string; userId: string }; steps: unknown[] });
  };

  beforeAll(async () => {
    server = await startTestServer();
    await server.api.createUsers('ann', 'bob', 'cid');
    await server.api.deploy(diagram(processOf('quick', sequence(start, stage('s', 'Revenue'), end))));
    await server.api.deploy(diagram(processOf('slow', sequence(start, wait('w', 'P40D'), end))));
  });

  it('makes the partitions of this month and the next two, once', async () => {
    // The server does so itself when it starts; that it has is not to be waited for here.
    await makePartitions(server.database.pool, january);
    await makePartitions(server.database.pool, january);
    expect(await partitions()).toEqual(['history_2026_01', 'history_2026_02', 'history_2026_03', 'history_default']);
    const id = await server.api.start('quick', 'ann');
    const { rows } = await server.database.pool.query<{ place: string }>(
      `SELECT tableoid::regclass::text AS place FROM history WHERE instance_id = $1`,
      [id],
    );
    expect(rows.map(({ place }) => place)).toEqual(['history_2026_01']);
  });

  it('leaves a month in the default partition whose rows are there already', async () => {
    const { pool } = server.database;
    await pool.query(
      `INSERT INTO history (subject_id, instance_id, revision, at, steps) VALUES ('old', '019ffd00-0000-7000-8000-000000000000', 1, now(), '[]')`,
    );
    const september = Date.parse('2026-08-15T00:00:00Z');
    await makePartitions(pool, september);
    expect(await partitions()).not.toContain('history_2026_08');
    await pool.query(`DELETE FROM history WHERE subject_id = 'old'`);
  });

  it('exports ended instances with their histories, in the order of their ends', async () => {
    const slow = await server.api.start('slow', 'bob');
    await server.api.advance('P1D');
    const second = await server.api.start('quick', 'cid');
    const all = await lines();
    expect(all.map(({ instance }) => instance.userId)).toEqual(['ann', 'cid']);
    expect(all[1]).toMatchObject({
      instance: { id: second, status: 'completed' },
      steps: [{ input: { kind: 'start' } }],
    });
    expect((await lines(`?endedFrom=2026-01-06T00:00:00Z`)).map(({ instance }) => instance.id)).toEqual([second]);
    expect(await lines('?workflow=slow')).toEqual([]);
    await server.api.advance('P40D');
    expect((await lines('?workflow=slow')).map(({ instance }) => instance.id)).toEqual([slow]);
    expect((await server.api.refused('GET', '/instances/export?endedTo=soon')).status).toBe(400);
  });

  it('drops a month when the last of its instances is kept no longer, and removes single instances before', async () => {
    const { pool } = server.database;
    const fifthOfFebruary = january + 31 * day;
    // The slow one of January ended on the 15th of February.
    await dropPartitions(pool, fifthOfFebruary);
    expect(await partitions()).toContain('history_2026_01');
    expect(await removeEndedInstances(pool, fifthOfFebruary, 1)).toBe(1);
    expect(await removeEndedInstances(pool, fifthOfFebruary, 10)).toBe(1);
    expect((await lines()).map(({ instance }) => instance.userId)).toEqual(['bob']);
    const { rows } = await pool.query(`SELECT DISTINCT subject_id FROM history`);
    expect(rows).toEqual([{ subject_id: 'bob' }]);
    await dropPartitions(pool, january + 60 * day);
    expect(await partitions()).not.toContain('history_2026_01');
    // What instances did to their users stays.
    expect((await pool.query(`SELECT FROM user_change WHERE kind = 'stage'`)).rowCount).toBe(2);
  });

  it('reads periods, and names all that are none', () => {
    expect(readRetentionPeriods({})).toEqual({ instances: null, events: null });
    expect(readRetentionPeriods({ XFLOW_RETAIN_INSTANCES: 'P400D', XFLOW_RETAIN_EVENTS: 'PT12H' })).toEqual({
      instances: 400 * day,
      events: day / 2,
    });
    expect(() => readRetentionPeriods({ XFLOW_RETAIN_INSTANCES: 'soon', XFLOW_RETAIN_EVENTS: 'PT1S' })).toThrow(
      /XFLOW_RETAIN_INSTANCES is "soon".*XFLOW_RETAIN_EVENTS is "PT1S"/,
    );
  });
});

describe('the history', () => {
  it('takes the step that is being written while the partition of its month is attached', async () => {
    const server = await startTestServer();
    const { pool } = server.database;
    await server.api.createUsers('ann');
    await server.api.deploy(diagram(processOf('quick', sequence(start, end))));
    await makePartitions(pool, january);
    const { rows: bounds } = await pool.query<{ bound: string }>(
      `SELECT pg_get_expr(relpartbound, oid) AS bound FROM pg_class WHERE relname = 'history_2026_01'`,
    );
    await pool.query('ALTER TABLE history DETACH PARTITION history_2026_01');
    const attaching = await pool.connect();
    await attaching.query('BEGIN');
    await attaching.query(`ALTER TABLE history ATTACH PARTITION history_2026_01 ${bounds[0]!.bound}`);
    const started = server.api.start('quick', 'ann');
    const isWaiting = async (): Promise<boolean> =>
      (await pool.query('SELECT FROM pg_locks WHERE NOT granted')).rowCount! > 0;
    while (!(await isWaiting()));
    await attaching.query('COMMIT');
    attaching.release();
    const { rows } = await pool.query<{ place: string }>(
      `SELECT tableoid::regclass::text AS place FROM history WHERE instance_id = $1`,
      [await started],
    );
    expect(rows.map(({ place }) => place)).toEqual(['history_2026_01']);
  });
});
