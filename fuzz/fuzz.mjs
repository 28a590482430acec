// npm run fuzz [-- --minutes 5 --seed 1]: builds the fuzzer (run.ts) and starts it.
import { builtinModules } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

const root = resolve(import.meta.dirname, '..');
const outDir = join(root, 'node_modules/.cache/fuzz');

await build({
  configFile: false,
  root,
  logLevel: 'warn',
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir,
    emptyOutDir: true,
    minify: false,
    target: 'node20',
    rolldownOptions: {
      input: { run: join(import.meta.dirname, 'run.ts'), worker: join(import.meta.dirname, 'worker.ts') },
      external: [...builtinModules, /^node:/],
      output: { entryFileNames: '[name].js' },
    },
  },
});
process.argv.push('--root', root);
await import(pathToFileURL(join(outDir, 'run.js')).href);
