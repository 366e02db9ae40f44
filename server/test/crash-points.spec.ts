import { Pool } from 'pg';
import { runCrashPoints } from '../chaos/crash-points.js';
import { LedgerJob, PointsAnswer } from '../chaos/handlers.js';
import { journeyXml } from '../chaos/journey.js';
import { Ledger } from '../chaos/ledger.js';
import { PostgresProxy } from '../chaos/postgres-proxy.js';
import { createServer } from '../src/main/create-server.js';
import { closeAfterTests } from './open-resources.js';
import { createTestDatabase } from './test-database.js';
import { TestApi } from './test-server.js';

/** Every statement is a crash point in `npm run chaos`; here, so many apart. */
const stride = 11;

describe('a connection that breaks at a statement of a journey, before it is executed or before its reply', () => {
  it('loses nothing and repeats nothing', async () => {
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
    await new TestApi(server.url).deploy(journeyXml);
    const pool = new Pool({ connectionString: database.url, max: 1 });
    closeAfterTests(() => pool.end());
    const report = await runCrashPoints({ proxy, pool, ledger, url: () => server.url, restart: null, stride });
    expect(report.broken).toEqual([]);
    // A journey without statements would prove nothing.
    expect(report.crashes).toBeGreaterThan(10);
  });
});
