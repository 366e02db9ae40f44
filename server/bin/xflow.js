#!/usr/bin/env node
import { existsSync } from 'node:fs';

const program = new URL('../dist/cli/xflow.js', import.meta.url);

if (existsSync(program)) {
  const { xflow } = await import(program.href);
  process.exitCode = await xflow(process.argv.slice(2));
} else {
  console.error('xflow is not built yet: run `npm install` and then `npm run build` in the root of the repository.');
  process.exitCode = 1;
}
