import eslint from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** `schemas <- engine <- server`, `schemas <- engine <- modeler-ui`; nothing imports `examples`. */
const mayNotImport = (...names) => ({
  'no-restricted-imports': [
    'error',
    {
      patterns: names.map((name) => ({
        group: [`@xflow/${name}`, `@xflow/${name}/*`, `**/${name}/src/**`],
        message: 'This import goes against the dependency arrows: see ARCHITECTURE.md.',
      })),
    },
  ],
});

export default defineConfig(
  globalIgnores([
    '**/dist/',
    '**/node_modules/',
    '**/.xflow/',
    '.nx/',
    'coverage/',
    'schemas/src/generated/',
    '**/*.vue',
    '**/*.d.ts',
  ]),
  eslint.configs.recommended,
  tseslint.configs.strict,
  {
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
    rules: {
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  // Jest's types are a global namespace, which matchers extend.
  {
    files: ['engine/src/testing/jest.ts'],
    rules: {
      '@typescript-eslint/no-namespace': ['error', { allowDeclarations: true }],
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
    },
  },
  // They run in Node, in pages and in workers.
  {
    files: ['engine/bench/**'],
    languageOptions: {
      globals: { self: 'readonly', performance: 'readonly', Blob: 'readonly', Worker: 'readonly', Buffer: 'readonly' },
    },
  },
  {
    files: ['server/bench/**'],
    languageOptions: {
      globals: Object.fromEntries(
        ['performance', 'Buffer', 'setTimeout', 'clearTimeout', 'setImmediate', 'fetch', 'AbortController'].map(
          (name) => [name, 'readonly'],
        ),
      ),
    },
  },
  { files: ['schemas/**'], rules: mayNotImport('engine', 'server', 'modeler-ui', 'examples') },
  { files: ['engine/**'], rules: mayNotImport('server', 'modeler-ui', 'examples') },
  { files: ['server/**'], rules: mayNotImport('modeler-ui', 'examples') },
  { files: ['modeler-ui/**'], rules: mayNotImport('server', 'examples') },
  {
    files: ['engine/src/**'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        'Date',
        'process',
        'setTimeout',
        'setInterval',
        'fetch',
        'performance',
        'crypto',
      ].map((entry) =>
        entry === 'error'
          ? entry
          : { name: entry, message: 'The engine is pure: time, seeds and results arrive in its inputs.' },
      ),
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'The engine is pure: seeds arrive in its inputs.' },
      ],
      'no-console': 'error',
    },
  },
);
