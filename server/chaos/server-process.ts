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
process.on('message', (message: { skew: number }) => {
  skew = message.skew;
});

/** A server in a process of its own for the fault suite, on the database's clock or a test clock. Tells its address as a message to the parent. */
const { url } = await createServer({
  databaseUrl: process.env['DATABASE_URL']!,
  port: 0,
  handlers: [LedgerJob, PointsAnswer],
  testClock: process.env['CHAOS_TEST_CLOCK'] === 'true',
});
process.send!({ url });
