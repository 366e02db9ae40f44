import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { createServer } from '../src/main/create-server.js';
import { LedgerJob, PointsAnswer } from './handlers.js';

// Whoever started this process is gone: nobody else would end it.
process.on('disconnect', () => process.exit());

/** Milliseconds by which this process's clock is wrong. */
let skew = 0;
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...values: [] | [number | string | Date]) {
    if (values.length === 0) super(RealDate.now() + skew);
    else super(...values);
  }
  static override now(): number {
    return RealDate.now() + skew;
  }
} as DateConstructor;
let serve: () => void;
const told = new Promise<void>((resolve) => (serve = resolve));
process.on('message', (message: { serve?: true; skew?: number }) => {
  if (message.serve) serve();
  skew = message.skew ?? skew;
});

/**
 * A server in a process of its own for the fault suite, on the database's clock or a test clock. Its code is loaded, and it serves when it is
 * told to. Tells its address as a message to the parent.
 */
await told;
await databaseAnswers();
const { url } = await createServer({
  databaseUrl: process.env['DATABASE_URL']!,
  port: 0,
  handlers: [LedgerJob, PointsAnswer],
  testClock: process.env['CHAOS_TEST_CLOCK'] === 'true',
});
process.send!({ url });

/** While the database is away, a start fails at once, and whoever starts servers would load their code again and again. */
async function databaseAnswers(): Promise<void> {
  for (; ; await sleep(100)) {
    const client = new Client({ connectionString: process.env['DATABASE_URL']!, connectionTimeoutMillis: 10_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return;
    } catch {
      // Away.
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
