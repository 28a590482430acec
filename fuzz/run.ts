import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { loadSeeds } from './seeds.ts';
import { inputOf, tryInput } from './trial.ts';
import type { Found, Orders, Said } from './worker.ts';

// npm run fuzz -- [--minutes 5] [--seed 1] [--from N] [--most BYTES]: try inputs for so long, on from where the last run of that
// seed stopped. npm run fuzz -- --again fuzz/found/FILE.json: one that was found, once more.

/** Milliseconds that one input may take, and memory of the heap. */
const PATIENCE = 20_000;
const HEAP_MIB = 512;
/** Inputs that are kept of one and the same failure. */
const KEPT = 3;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string' },
    most: { type: 'string', default: String(2 ** 20) },
    again: { type: 'string' },
    root: { type: 'string', default: process.cwd() },
  },
});
const root = values.root;
const fixtures = join(root, 'fixtures');
const kept = join(root, 'fuzz/found');

interface Progress {
  next: number;
  inputs: number;
  recognised: number;
  twice: number;
  found: Record<string, number>;
}

const progressFile = join(kept, `seed-${values.seed}.json`);

function progressSoFar(): Progress {
  if (existsSync(progressFile)) return JSON.parse(readFileSync(progressFile, 'utf8')) as Progress;
  return { next: 0, inputs: 0, recognised: 0, twice: 0, found: {} };
}

/** What makes two failures the same: the promise and the place, not the figures. */
const keyOf = ({ rule, where, detail }: Found): string => `${rule} | ${(where || detail).replace(/\d+/g, '#').slice(0, 200)}`;

function keep(progress: Progress, found: Found): void {
  const key = keyOf(found);
  const count = (progress.found[key] = (progress.found[key] ?? 0) + 1);
  if (count > KEPT) return;
  const file = join(kept, `${values.seed}-${found.index}.json`);
  writeFileSync(file, `${JSON.stringify(found, null, 1)}\n`);
  console.log(`input ${found.index} of ${found.input.seed}: ${found.detail.slice(0, 300)}\n    ${found.where}\n    kept as ${file}`);
}

/** Run a worker until `until`; gives the number of the next input. What it does not survive is its last input's doing. */
async function runWorker(progress: Progress, until: number): Promise<void> {
  const seed = Number(values.seed);
  const state = new Int32Array(new SharedArrayBuffer(8));
  state[0] = progress.next;
  const orders: Orders = { seed, from: progress.next, fixtures, most: Number(values.most), state };
  const worker = new Worker(new URL(import.meta.url.replace(/run\.js$/, 'worker.js')), {
    workerData: orders,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
  });
  const before = { ...progress };
  let [last, since, ending] = [-1, Date.now(), ''];
  worker.on('message', (said: Said) => {
    if ('found' in said) return keep(progress, said.found);
    progress.inputs = before.inputs + said.inputs;
    progress.recognised = before.recognised + said.recognised;
    progress.twice = before.twice + said.twice;
  });
  const watch = setInterval(() => {
    const now = Atomics.load(state, 0);
    if (now !== last) [last, since] = [now, Date.now()];
    else if (Date.now() - since > PATIENCE) {
      ending = 'ends in time';
      void worker.terminate();
    }
    if (Date.now() > until) Atomics.store(state, 1, 1);
  }, 200);
  await new Promise<void>((done) => {
    worker.on('error', (error) => (ending ||= `survives: ${error.message}`));
    worker.on('exit', () => done());
  });
  clearInterval(watch);
  const index = Atomics.load(state, 0);
  if (ending) {
    const { input } = inputOf(await loadSeeds({ most: Number(values.most), root: fixtures }), seed, index);
    keep(progress, { rule: ending, detail: `${ending}: input ${index}`, where: input.seed, input, index });
    progress.inputs = before.inputs + (index - before.next) + 1;
  }
  progress.next = index + 1;
}

async function main(): Promise<void> {
  mkdirSync(kept, { recursive: true });
  if (values.again) {
    const { input } = JSON.parse(readFileSync(values.again, 'utf8')) as Found;
    const of = (await loadSeeds({ most: 2 ** 26, root: fixtures })).find(({ name }) => name === input.seed);
    if (!of) throw new Error(`there is no seed ${input.seed}`);
    console.log(await tryInput(of, input, { depth: 'all', twice: true }));
    return;
  }
  const progress = progressSoFar();
  if (values.from) progress.next = Number(values.from);
  const begun = Date.now();
  const first = progress.inputs;
  while (Date.now() < begun + Number(values.minutes) * 60_000) {
    await runWorker(progress, begun + Number(values.minutes) * 60_000);
    writeFileSync(progressFile, `${JSON.stringify(progress, null, 1)}\n`);
  }
  const { inputs, recognised, twice, found } = progress;
  const seconds = (Date.now() - begun) / 1000;
  console.log(`${inputs - first} inputs in ${seconds.toFixed(0)} s; of seed ${values.seed} so far ${inputs}, ${((100 * recognised) / inputs).toFixed(1)}% past recognition, ${twice} read twice`); // prettier-ignore
  for (const [key, count] of Object.entries(found)) console.log(`${String(count).padStart(6)} ${key}`);
  process.exitCode = Object.keys(found).length > 0 ? 1 : 0;
}

await main();
