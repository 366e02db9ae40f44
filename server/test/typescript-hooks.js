import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Module hooks for processes that tests start: they run the sources, as the tests do, and not a build that may be stale.
 * What is compiled is kept in the folder of the run, for the next process. Installed by typescript.js.
 */
const home = new URL('../../', import.meta.url);
const cache = path.join(process.env.XFLOW_TEST_HOME, 'compiled');
mkdirSync(cache, { recursive: true });

export async function resolve(specifier, context, nextResolve) {
  const own = /^@xflow\/(schemas|engine|server)$/.exec(specifier);
  if (own) return { url: new URL(`${own[1]}/src/index.ts`, home).href, shortCircuit: true };
  if (/^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL?.endsWith('.ts')) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(fileURLToPath(source))) return { url: source.href, shortCircuit: true };
  }
  return nextResolve(specifier, context);
}

export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context);
  const filename = fileURLToPath(url);
  const text = readFileSync(filename, 'utf8');
  const kept = path.join(cache, createHash('sha256').update(filename).update('\0').update(text).digest('hex'));
  if (existsSync(kept)) return { format: 'module', source: readFileSync(kept), shortCircuit: true };
  const code = await compile(filename, text);
  // Another process may read it at this moment: it sees all of the file, or none.
  writeFileSync(`${kept}.${process.pid}`, code);
  renameSync(`${kept}.${process.pid}`, kept);
  return { format: 'module', source: code, shortCircuit: true };
}

async function compile(filename, text) {
  // Loaded only where something is to be compiled.
  const { transform } = await import('@swc/core');
  const { code } = await transform(text, {
    filename,
    configFile: false,
    swcrc: false,
    sourceMaps: 'inline',
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
      keepClassNames: true,
    },
    module: { type: 'es6' },
  });
  return code;
}
