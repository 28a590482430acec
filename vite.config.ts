import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string };
const define = { __VERSION__: JSON.stringify(version) };
const here = import.meta.dirname;

/** The command line: one file for Node, `dist-cli/cli.js`. */
const cli = {
  define,
  build: {
    ssr: `${here}/worker/cli.ts`,
    outDir: `${here}/dist-cli`,
    target: 'node20',
    emptyOutDir: true,
    rolldownOptions: { external: [...builtinModules, /^node:/], output: { entryFileNames: 'cli.js', codeSplitting: false } },
  },
  ssr: { noExternal: true as const },
};

/**
 * The worker's entry stays a module of its own, that no other imports: WebKit runs an entry again when a chunk
 * imports from it, and two inspectors would answer every call.
 */
const entryApart = {
  name: 'entry-apart',
  options: (options: object) => ({ ...options, preserveEntrySignatures: 'strict' as const }),
};

/** The page: a static folder, `dist`, with relative addresses. */
const page = {
  root: `${here}/web`,
  base: './',
  publicDir: `${here}/public`,
  define,
  plugins: [svelte({ configFile: false, preprocess: vitePreprocess(), compilerOptions: { fragments: 'tree' as const } })],
  worker: { format: 'es' as const, plugins: () => [entryApart] },
  build: {
    outDir: `${here}/dist`,
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: `${here}/web/index.html`, sw: `${here}/worker/sw.ts` },
      // The service worker stands at the root, which is its scope, under a name that never changes.
      output: { entryFileNames: ({ name }: { readonly name: string }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
  server: { fs: { allow: [here] } },
  test: {
    root: here,
    include: ['{worker,web,fixtures,.ci}/**/*.test.ts'],
    testTimeout: 60_000,
  },
};

export default defineConfig(({ mode }) => (mode === 'cli' ? cli : page));
