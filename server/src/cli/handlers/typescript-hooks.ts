import { transform } from '@swc/core';
import { access, readFile } from 'node:fs/promises';
import type { LoadHook, ResolveHook } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Module hooks that compile TypeScript while it is loaded, decorators and their metadata included: Node strips types at most,
 * and handlers are decorated classes. Installed by `register` of node:module; only for files outside of node_modules.
 */

/** `./other.js` means `./other.ts` where only that exists, as it does for the compiler. */
export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  if (/^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL?.endsWith('.ts')) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    const exists = await access(source).then(
      () => true,
      () => false,
    );
    if (exists) return { url: source.href, shortCircuit: true };
  }
  return nextResolve(specifier, context);
};

export const load: LoadHook = async (url, context, nextLoad) => {
  if (!/^file:.*\.m?ts$/.test(url) || url.includes('/node_modules/')) return nextLoad(url, context);
  const filename = fileURLToPath(url);
  const { code } = await transform(await readFile(filename, 'utf8'), {
    filename,
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
  return { format: 'module', source: code, shortCircuit: true };
};
