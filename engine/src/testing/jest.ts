import { matchers, type ProcessMatchers } from './matchers.js';

/** `import '@xflow/engine/testing/jest'` adds the matchers to the global `expect`, at run time and for TypeScript. */
declare global {
  namespace jest {
    interface Matchers<R> extends ProcessMatchers<R> {}
  }
}

const { expect } = globalThis as { readonly expect?: { extend(matchers: object): void } };
if (expect === undefined)
  throw new Error(
    'There is no global expect. Import it from your test runner, import { matchers } from "@xflow/engine/testing", and call expect.extend(matchers).',
  );
expect.extend(matchers);
