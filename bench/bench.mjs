// npm run bench [-- --only ID[,ID...] --runs N]: Isoscope beside its peers, in one run.
import { cpus, totalmem } from 'node:os';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { built } from '../.ci/build.mjs';
import { serve } from '../.ci/serve.mjs';
import { BenchBrowser, oneCorePossible } from './browser.mjs';
import { CONTESTS } from './contests.mjs';
import { measureFrames } from './frames.mjs';
import { input, warm } from './inputs.mjs';
import { judged, medians } from './judge.mjs';
import { version } from './native.mjs';
import { builtPage, packageVersion } from './page-build.mjs';
import { frameTable, lines, writeReport } from './report.mjs';

const { values: options } = parseArgs({ options: { only: { type: 'string' }, runs: { type: 'string', default: '5' } } });
const runs = Number(options.runs);
/** Frames are counted by the thousand in each run already. */
const MOST_FRAME_RUNS = 3;
const only = options.only?.split(',');
const contests = CONTESTS.filter(({ id }) => !only || only.some((wanted) => id.startsWith(wanted)));
if ((contests.length === 0 && !only.includes('frames')) || !(runs >= 1)) {
  console.error(`usage: npm run bench -- [--only ${[...CONTESTS.map(({ id }) => id), 'frames'].join(',')}] [--runs N]`);
  process.exit(64);
}

/** The sentence of an error, without the call stack that Playwright adds. */
const reason = (error) =>
  `failed: ${String(error?.message ?? error)
    .split('\n')[0]
    .replace(/^page\.evaluate: /, '')}`;

/** Every contender once in each run, beginning with another one each time. */
async function race(contest, bench, { fresh }) {
  const names = Object.keys(contest.contenders);
  const outcomes = Object.fromEntries(names.map((name) => [name, []]));
  const failed = {};
  const rounds = contest.memory ? 1 : runs;
  for (let round = 0; round < rounds; round++) {
    for (let at = 0; at < names.length; at++) {
      const name = names[(at + round) % names.length];
      if (failed[name]) continue;
      try {
        if (contest.memory) await fresh();
        outcomes[name].push(await contest.contenders[name](bench));
      } catch (error) {
        failed[name] = error?.message === 'missing' ? 'missing' : reason(error);
        await fresh(); // a browser that ended takes no other contender with it
      }
    }
  }
  return Object.fromEntries(names.map((name) => [name, failed[name] ? { failed: failed[name] } : { medians: medians(outcomes[name]) }]));
}

async function run(contest, addresses) {
  const image = input(contest.image);
  if (!contest.memory) warm(image);
  const bench = { ...addresses, image, name: basename(image), browser: null };
  const fresh = async () => {
    await bench.browser?.close().catch(() => undefined); // it ended by itself
    bench.browser = await BenchBrowser.launch(addresses.page, { oneCore: contest.oneCore ?? false });
    await bench.browser.open(image);
    await contest.prepare?.(bench);
  };
  try {
    if (contest.oneCore && !oneCorePossible()) throw new Error('no taskset to keep a browser on one core');
    await fresh();
    return { result: await race(contest, bench, { fresh }), chromium: bench.browser.version };
  } catch (error) {
    return { result: Object.fromEntries(Object.keys(contest.contenders).map((name) => [name, { failed: reason(error) }])), chromium: '' };
  } finally {
    await bench.browser?.close();
  }
}

async function smoothness() {
  const image = input('million');
  warm(image);
  const browser = await BenchBrowser.launch(page);
  try {
    return await measureFrames(browser, product, image, Math.min(runs, MOST_FRAME_RUNS));
  } finally {
    await browser.close();
  }
}

await built('page').catch((error) => console.error(`the page is not built: ${error.message}`));
const servers = [await serve(0, await builtPage()), await serve(0)];
const [page, product] = servers.map((server) => `http://localhost:${server.address().port}`);
const tools = ['isoinfo', '7zz', 'bsdtar'].map((tool) => `${tool} ${version(tool) ?? 'missing'}`);
const packages = ['7z-wasm', 'libarchive.js', 'fflate', 'client-zip'].map((name) => `${name} ${packageVersion(name) ?? 'missing'}`);

const done = [];
let chromium = '';
for (const contest of contests) {
  const outcome = await run(contest, { page, product });
  chromium = outcome.chromium || chromium;
  const judgements = judged(outcome.result, contest, input(contest.image));
  console.log(`\n${lines(contest, outcome.result, judgements)}`);
  done.push({ contest, result: outcome.result, judgements });
}
const frames = !only || only.includes('frames') ? await smoothness() : [];
if (frames.length > 0) console.log(`\n${frameTable(frames)}`);
for (const server of servers) server.close();

const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
const versions = `Chromium ${chromium || 'missing'}, ${[...packages, ...tools].join(', ')}`;
console.log(`\n${machine}; ${runs} runs; ${versions}`);
const short = done.flatMap(({ judgements }) => judgements).filter(({ ok }) => !ok).length;
console.log(short === 0 ? 'Every target is met.' : `${short} of ${done.flatMap(({ judgements }) => judgements).length} fall short.`);
if (!only) console.log(`written: ${await writeReport({ machine, versions, runs, contests: done, frames })}`);
