import { jest } from '@jest/globals';
import { Pool } from 'pg';
import { runCrashPoints } from '../chaos/crash-points.js';
import { LedgerJob, PointsAnswer } from '../chaos/handlers.js';
import { deployJourney } from '../chaos/journey.js';
import { Ledger } from '../chaos/ledger.js';
import { PostgresProxy } from '../chaos/postgres-proxy.js';
import { createServer } from '../src/main/create-server.js';
import { diagram, end, process as processOf, sequence, start, task } from './diagram.js';
import { closeAfterTests } from './open-resources.js';
import { createTestDatabase } from './test-database.js';
import { TestApi } from './test-server.js';

/** Every statement is a crash point in `npm run chaos`; here, so many apart. */
const stride = 37;

// Each crash is a journey of its own; on a busy machine they take their time.
jest.setTimeout(180_000);

describe('a connection that breaks at a statement of a journey, before it is executed or before its reply', () => {
  it('loses nothing and repeats nothing', async () => {
    const { ledger, proxy, pool, url } = await serve();
    await deployJourney(url);
    const report = await runCrashPoints({
      proxy,
      pool,
      ledger,
      url: () => url,
      restart: null,
      stride,
      atMost: Infinity,
    });
    expect(report.broken).toEqual([]);
    // A journey without statements would prove nothing.
    expect(report.crashes).toBeGreaterThan(10);
  });

  it('does not keep a job waiting whose commit was done', async () => {
    const { ledger, proxy, url } = await serve();
    const api = new TestApi(url);
    await api.createUsers('ann');
    await api.deploy(diagram(processOf('work', sequence(start, task('job', 'chaos-ledger'), end))));
    let wrote = false;
    proxy.judge = (statement) => {
      wrote ||= statement.includes('INSERT INTO task');
      if (!wrote || statement !== 'COMMIT') return 'pass';
      proxy.judge = () => 'pass';
      return 'cut-after';
    };
    expect(await api.request('POST', '/workflows/work/start', { userId: 'ann' })).toMatchObject({ status: 503 });
    await api.rest();
    expect(ledger.runs.size).toBe(1);
  });
});

/** A server on a test clock, with a proxy between it and its database. */
async function serve() {
  const database = await createTestDatabase();
  const ledger = await Ledger.open();
  closeAfterTests(() => ledger.close());
  process.env['CHAOS_LEDGER'] = ledger.url;
  const proxy = await PostgresProxy.open(Number(new URL(database.url).port));
  closeAfterTests(() => proxy.close());
  const server = await createServer({
    databaseUrl: proxy.urlOf(database.url),
    port: 0,
    handlers: [LedgerJob, PointsAnswer],
    testClock: true,
  });
  closeAfterTests(() => server.close());
  const pool = new Pool({ connectionString: database.url, max: 1 });
  closeAfterTests(() => pool.end());
  return { ledger, proxy, pool, url: server.url };
}
