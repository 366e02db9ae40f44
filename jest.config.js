import { fileURLToPath } from 'node:url';

const home = fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '');

/** One Jest project a package; the packages see each other's sources, so that a test never runs against a stale build. */
const project = (name, extra = {}) => ({
  displayName: name,
  rootDir: `${home}/${name}`,
  testMatch: ['<rootDir>/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/', '/\\.xflow/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^@xflow/engine/testing$': `${home}/engine/src/testing/index.ts`,
    '^@xflow/engine/testing/jest$': `${home}/engine/src/testing/jest.ts`,
    '^@xflow/(schemas|engine|server)$': `${home}/$1/src/index.ts`,
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
          target: 'es2022',
        },
        module: { type: 'es6' },
      },
    ],
  },
  ...extra,
});

/** For projects whose tests run a whole server. */
const onDatabase = {
  globalSetup: `${home}/server/test/global-setup.js`,
  globalTeardown: `${home}/server/test/global-teardown.js`,
  setupFilesAfterEnv: [`${home}/server/test/setup.js`],
};

export default {
  projects: [
    project('schemas'),
    project('engine'),
    project('server', onDatabase),
    project('modeler-ui'),
    project('examples', onDatabase),
  ],
  reporters: ['default', `${home}/.ci/skipped-suites-reporter.js`],
  maxWorkers: 2,
  // Random tests play many cases in one; machines differ by more than what Jest allows them.
  testTimeout: 30_000,
};
