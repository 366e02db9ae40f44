import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/**
 * `npm run fuzz -- --minutes 10 [--seed S]`: random processes and arbitrary graphs with random inputs, new ones for as long as it is
 * told. The first failure ends it, and names the SEED that brings it back.
 */
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  console.error(`--minutes ${values.minutes} is no number of minutes. Run: npm run fuzz -- --minutes 10`);
  process.exit(2);
}
const seed = values.seed ?? new Date().toISOString();
const root = fileURLToPath(new URL('../', import.meta.url));
const end = Date.now() + minutes * 60_000;
let status = 0;
for (let round = 1; status === 0 && Date.now() < end; round += 1) {
  console.log(`Round ${round} of seed "${seed}".`);
  ({ status } = spawnSync(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--no-warnings',
      `${root}node_modules/jest/bin/jest.js`,
      '--selectProjects',
      'engine',
      '--testPathPatterns',
      'engine/test/random/',
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, FUZZ: `${seed}/${round}`, PROCESSES: '100', GRAPHS: '100' } },
  ));
}
process.exitCode = status ?? 1;
