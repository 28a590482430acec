import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { licences } from './.ci/licences.mjs';
import { offlineList } from './.ci/offline-list.mjs';

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

interface Modules {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/**
 * All that an entry needs at once in one chunk: split further, as lazy chunks share parts of it, the same code is
 * larger (2% compressed, and more with each lazy chunk).
 */
function firstLoad(entry: string) {
  let modules: Set<string> | null = null;
  const follow = (id: string, of: Modules, found: Set<string>): Set<string> => {
    if (found.has(id)) return found;
    found.add(id);
    for (const next of of.getModuleInfo(id)?.importedIds ?? []) follow(next, of, found);
    return found;
  };
  const name = (id: string, of: Modules): string | null => {
    // Other workers are built by the same options.
    if (of.getModuleInfo(entry)) modules ??= follow(entry, of, new Set());
    return modules?.has(id) && id !== entry ? 'first' : null;
  };
  return { groups: [{ name }] };
}

const licence = licences();

/** The page: a static folder, `dist`, with relative addresses. */
const page = {
  root: `${here}/web`,
  base: './',
  publicDir: `${here}/public`,
  define,
  plugins: [
    svelte({ configFile: false, preprocess: vitePreprocess(), compilerOptions: { fragments: 'tree' as const } }),
    licence.page,
    offlineList,
  ],
  worker: {
    format: 'es' as const,
    plugins: () => [entryApart, licence.part],
    rolldownOptions: { output: { codeSplitting: firstLoad(`${here}/worker/main.ts`) } },
  },
  build: {
    outDir: `${here}/dist`,
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: `${here}/web/index.html`, sw: `${here}/worker/sw.ts` },
      // The service worker stands at the root, which is its scope, under a name that never changes.
      output: {
        codeSplitting: firstLoad(`${here}/web/main.ts`),
        entryFileNames: ({ name }: { readonly name: string }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  server: { fs: { allow: [here] } },
  test: {
    root: here,
    include: ['{worker,web,fixtures,fuzz,.ci}/**/*.test.ts'],
    testTimeout: 60_000,
  },
};

export default defineConfig(({ mode }) => (mode === 'cli' ? cli : page));
