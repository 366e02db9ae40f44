import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Stops the PostgreSQL of this run, and removes its folder. */
export default async function globalTeardown() {
  const home = process.env.XFLOW_TEST_HOME;
  if (home === undefined || !existsSync(home)) return;
  const pidFile = path.join(home, 'postgres', 'postmaster.pid');
  if (existsSync(pidFile)) {
    process.kill(Number(readFileSync(pidFile, 'utf8').split('\n')[0]), 'SIGQUIT');
    while (existsSync(pidFile)) await sleep(10);
  }
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}
