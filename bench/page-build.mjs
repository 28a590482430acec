// Builds the page of the benchmark: our worker as it ships, and the peers in workers of their own.
import { cpSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'vite';
import { FOLDER } from './inputs.mjs';

const require = createRequire(import.meta.url);
const page = join(import.meta.dirname, 'page');
const out = join(FOLDER, 'page');

/** Gives the folder to serve. */
export async function builtPage() {
  await build({
    configFile: false,
    logLevel: 'error',
    root: page,
    base: './',
    define: { __VERSION__: '"bench"' },
    worker: { format: 'es' },
    build: {
      outDir: out,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 4000,
      rolldownOptions: { input: [join(page, 'index.html'), join(page, 'empty.html')] },
    },
  });
  // libarchive.js loads these two by address.
  const libarchive = dirname(require.resolve('libarchive.js'));
  for (const file of ['worker-bundle.js', 'libarchive.wasm']) cpSync(join(libarchive, file), join(out, file));
  return out;
}

/** The version of an installed package; null where it is missing. */
export function packageVersion(name) {
  try {
    return JSON.parse(readFileSync(join(import.meta.dirname, '..', 'node_modules', name, 'package.json'), 'utf8')).version;
  } catch {
    return null;
  }
}
