import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// `npm run golden` records the histories of the version in package.json; those that are there already stay.
const root = new URL('../', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const jest = fileURLToPath(new URL('node_modules/jest/bin/jest.js', root));
const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--no-warnings',
    jest,
    '--selectProjects',
    'engine',
    '--testPathPatterns',
    'test/golden',
  ],
  { cwd: fileURLToPath(root), stdio: 'inherit', env: { ...process.env, RECORD: version } },
);
process.exitCode = status ?? 1;
