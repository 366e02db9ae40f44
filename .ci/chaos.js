import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** `npm run chaos`: the fault suite, from the sources. See server/chaos/main.ts. */
const home = mkdtempSync(path.join(tmpdir(), 'xflow-compiled-'));
const file = (name) => fileURLToPath(new URL(`../server/${name}`, import.meta.url));
const suite = spawn(
  process.execPath,
  ['--no-warnings', '--import', file('test/typescript.js'), file('chaos/main.ts'), ...process.argv.slice(2)],
  { stdio: 'inherit', env: { ...process.env, XFLOW_TEST_HOME: home } },
);
// It ends what it has started, and then itself.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => suite.kill(signal));
const [status, signal] = await once(suite, 'exit');
if (signal !== null) console.error(`The suite was ended by ${signal}: what it had started is left behind.`);
rmSync(home, { recursive: true, force: true });
process.exitCode = status ?? 1;
