import { createServer } from '../src/main/create-server.js';

// Whoever started this process is gone: nobody else would end it.
process.on('disconnect', () => process.exit());

/** A server in a process of its own, for tests that kill it. Tells its address as a message to the parent. */
const { url } = await createServer({
  databaseUrl: process.env['DATABASE_URL']!,
  port: 0,
  testClock: process.env['XFLOW_TEST_VERSION'] !== 'next' && { beginsAt: Date.parse('2026-01-05T09:00:00Z') },
});
process.send!({ url });
