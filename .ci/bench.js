import { existsSync } from 'node:fs';

// `npm run bench -- engine` runs engine/bench/index.js.
const [name = ''] = process.argv.slice(2);
const suite = new URL(`../${name}/bench/index.js`, import.meta.url);
if (!/^[a-z-]+$/.test(name) || !existsSync(suite)) {
  console.error(`There are no benchmarks of "${name}". Run: npm run bench -- engine`);
  process.exitCode = 2;
} else await import(suite.href);
