import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** `npm run chaos`: the fault suite, from the sources. See server/chaos/main.ts. */
const home = mkdtempSync(path.join(tmpdir(), 'xflow-compiled-'));
const file = (name) => fileURLToPath(new URL(`../server/${name}`, import.meta.url));
const { status } = spawnSync(
  process.execPath,
  ['--no-warnings', '--import', file('test/typescript.js'), file('chaos/main.ts'), ...process.argv.slice(2)],
  { stdio: 'inherit', env: { ...process.env, XFLOW_TEST_HOME: home } },
);
rmSync(home, { recursive: true, force: true });
process.exitCode = status ?? 1;
