import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';
import { house } from './.ci/house-rules.mjs';

const MAX_LINES = ['error', { max: 400, skipBlankLines: true, skipComments: true }];
const NO_UNUSED = ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }];
const NODE_MODULES = { group: ['node:*'], message: 'The core runs in a browser.' };
const PREFERENCES_ONLY = { group: ['idb-keyval'], message: 'Only the preferences and the recent images store anything.' };

export default ts.config(
  { ignores: ['node_modules/', 'dist/', 'dist-cli/', '*.new/', 'test-results/', 'playwright-report/'] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    plugins: { house },
    rules: {
      'house/imports': 'error',
      'house/folders': 'error',
      'max-lines': MAX_LINES,
      eqeqeq: ['error', 'always'],
      'no-control-regex': 'error',
      'no-empty': 'error',
      'no-debugger': 'error',
      'no-loss-of-precision': 'error',
      'no-unreachable': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/no-unused-vars': NO_UNUSED,
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    ignores: ['**/*.svelte.ts'],
    extends: [ts.configs.recommendedTypeCheckedOnly],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
    },
  },
  {
    files: ['web/**/*.svelte', 'web/**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: { 'no-undef': 'off' },
  },
  {
    files: ['web/**', 'worker/**'],
    ignores: ['worker/cli.ts', 'worker/commands/**', '**/*.test.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-imports': ['error', { patterns: [NODE_MODULES, PREFERENCES_ONLY] }],
    },
  },
  {
    files: ['web/preferences.svelte.ts', 'web/home/recent.svelte.ts', 'worker/source/file-handle.ts', 'worker/extract/node-*.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: ['worker/**/*.ts', 'fixtures/**/*.ts', 'fuzz/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' }] },
  },
  {
    files: ['**/*.test.ts', 'e2e/**', 'bench/**'],
    rules: {
      // A test that meets undefined fails there, which is what it is for.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['.ci/node-version.mjs', '.ci/start.mjs', '.ci/isoscope.mjs', '.ci/test.mjs'],
    // Read by any Node, so that an old one can be told so.
    rules: { 'no-var': 'off', 'prefer-const': 'off' },
  },
);
