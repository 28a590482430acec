// What the page and its worker load at first, compressed, against the budget. Lazy chunks do not count.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseAst } from 'vite';
import { root } from './install.mjs';

const BUDGET = 100_000;
/** The service worker comes after the first load, and again with every update. */
const SERVICE_WORKER_BUDGET = 3_000;
const read = (path) => readFileSync(join(root, 'dist', path), 'utf8');

/** Adds a script and all that it imports statically. */
function follow(path, files) {
  if (files.has(path)) return;
  const code = read(path);
  files.set(path, code);
  for (const statement of parseAst(code).body) {
    const source = statement.source?.value;
    if (typeof source === 'string') follow(posix.join(posix.dirname(path), source), files);
  }
}

const files = new Map();
const html = read('index.html');
files.set('index.html', html);
for (const [, path] of html.matchAll(/<script[^>]+src="\.\/([^"]+)"/g)) follow(path, files);
for (const [tag, path] of html.matchAll(/<link[^>]+href="\.\/([^"]+)"[^>]*>/g)) {
  if (tag.includes('stylesheet')) files.set(path, read(path));
  if (tag.includes('modulepreload')) follow(path, files);
}
const workers = [];
for (const [path, code] of [...files]) {
  for (const [, address] of code.matchAll(/new Worker\([^"'`]*[`"']([^`"']+\.js)[`"']/g))
    workers.push(posix.join(posix.dirname(path), address));
}
if (workers.length === 0) throw new Error('the page starts no worker that could be found');
for (const worker of workers) follow(worker, files);

// WebKit runs a worker's entry again when another module imports from it: every call would be carried out twice.
for (const chunk of readdirSync(join(root, 'dist/assets')).filter((name) => name.endsWith('.js'))) {
  const code = read(`assets/${chunk}`);
  for (const worker of workers.map((path) => posix.basename(path))) {
    if (new RegExp(`(from|import)\\s*\\(?["'\`]\\./${worker.replaceAll('.', '\\.')}["'\`]`).test(code))
      throw new Error(`${chunk} imports from the worker's entry ${worker}`);
  }
}

let total = 0;
for (const [path, text] of files) {
  const size = gzipSync(text, { level: 9 }).length;
  total += size;
  console.log(`${String(size).padStart(8)}  ${path}`);
}
console.log(`${String(total).padStart(8)}  of ${BUDGET} bytes, compressed`);
if (total > BUDGET) {
  console.error(`The first load is ${total - BUDGET} bytes over the budget: load what is heavy when it is used.`);
  process.exitCode = 1;
}

// A classic script: browsers that start no service worker from a module are in use.
const serviceWorker = read('sw.js');
const size = gzipSync(serviceWorker, { level: 9 }).length;
console.log(`${String(size).padStart(8)}  sw.js, of ${SERVICE_WORKER_BUDGET}`);
if (size > SERVICE_WORKER_BUDGET || parseAst(serviceWorker).body.some((statement) => /^(Im|Ex)port/.test(statement.type))) {
  console.error('sw.js is too large, or imports: it must be one small script.');
  process.exitCode = 1;
}
