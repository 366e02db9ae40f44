// `npm run bench -- engine` runs engine/bench/index.js; `npm run bench -- runner starts` server/bench/index.js, one part of it.
const suites = { engine: '../engine/bench/index.js', runner: '../server/bench/index.js' };
const [name = ''] = process.argv.slice(2);
if (!Object.hasOwn(suites, name)) {
  console.error(`There are no benchmarks of "${name}". Run: npm run bench -- ${Object.keys(suites).join(', or ')}`);
  process.exitCode = 2;
} else await import(suites[name]);
