import { fileURLToPath } from 'node:url';
import { build } from 'vite';

// `node bundle.js FOLDER` writes the engine and the random processes, from their sources, as the module traces.js.
// A process of its own, because the bundler's native code does not run among the globals of a test.
const pathOf = (relative) => fileURLToPath(new URL(relative, import.meta.url));
await build({
  configFile: false,
  logLevel: 'error',
  resolve: { alias: { '@xflow/schemas': pathOf('../../../schemas/src/index.ts') } },
  build: {
    outDir: process.argv[2],
    emptyOutDir: true,
    minify: false,
    lib: { entry: pathOf('trace-hashes.ts'), formats: ['es'], fileName: () => 'traces.js' },
  },
});
