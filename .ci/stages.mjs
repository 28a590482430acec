import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { built } from './build.mjs';
import { command, node } from './command.mjs';
import { root } from './install.mjs';
import { findChromium } from './judges.mjs';

const bin = (path) => join(root, 'node_modules', path);
const CORPUS = resolve(root, '../shared/corpus');

/** Seconds; a third as long as this where nothing else runs. */
const E2E_LIMIT = 2700;

/** A stage that is one command: one test. */
const check = (script, args, options) => async () => {
  const { ok, output } = await node(script, args, options);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [], output: ok ? '' : output };
};

/** Runs `work` with the path of a file for a JSON report; a report that is not there is one failure. */
async function reported(work) {
  const folder = mkdtempSync(join(tmpdir(), 'isoscope-test-'));
  const path = join(folder, 'report.json');
  try {
    const { ok, output } = await work(path);
    const report = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
    return { ok, output, report };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function unit() {
  const { ok, output, report } = await reported((path) =>
    node(bin('vitest/vitest.mjs'), ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${path}`]),
  );
  if (!report) return { passed: 0, failed: 1, skipped: [], output };
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const count = (...states) => tests.filter((test) => states.includes(test.status)).length;
  const skipped = tests.filter((test) => ['pending', 'skipped', 'todo'].includes(test.status)).map((test) => test.fullName);
  // A file that could not be loaded has no tests, and is a failure all the same.
  const unloaded = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  const failed = count('failed') + unloaded;
  return { passed: count('passed'), failed: failed || (ok ? 0 : 1), skipped, output: ok ? '' : output };
}

/** All tests of a Playwright JSON report, with the names of their describe blocks. */
const specsOf = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];

async function e2e() {
  const chromium = findChromium();
  if (!chromium) return { passed: 0, failed: 0, skipped: ['e2e: no chromium'] };
  const { ok, output, report } = await reported((path) =>
    node(bin('@playwright/test/cli.js'), ['test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json'], {
      limit: E2E_LIMIT,
      env: { ISOSCOPE_CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: path },
    }),
  );
  if (!report) return { passed: 0, failed: 1, skipped: [], output };
  const { expected, unexpected, flaky } = report.stats;
  const specs = report.suites.flatMap(specsOf).filter((spec) => spec.tests.every((test) => test.status === 'skipped'));
  const why = (spec) => spec.tests[0]?.annotations.find((note) => note.type === 'skip')?.description ?? spec.title;
  const failed = unexpected + flaky + report.errors.length;
  return { passed: expected, failed: failed || (ok ? 0 : 1), skipped: specs.map((spec) => `e2e: ${why(spec)}`), output: ok ? '' : output };
}

/** A journey in another browser: a script that writes {passed, failed, skipped} to ISOSCOPE_REPORT. */
const journey = (script) => async () => {
  const { output, report } = await reported((path) => node(join(root, script), [], { env: { ISOSCOPE_REPORT: path }, limit: 600 }));
  if (!report) return { passed: 0, failed: 1, skipped: [], output };
  return { ...report, output: report.failed > 0 ? output : '' };
};

const CLI = join(root, 'dist-cli/cli.js');

/** Arguments of check.mjs, one run each, which takes both cores. */
const CORPUS_RUNS = [
  ['--milestone', 'iso', '--first', '--jobs', '2'],
  ['--milestone', 'udf', '--jobs', '2'],
  ['--milestone', 'refuse', '--jobs', '2'],
  ['--milestone', 'hostile', '--jobs', '2'],
];

/** What check.mjs leaves out, by milestone. Sound of audio discs is compared by sheets.test.ts. */
const NOT_IN_CORPUS = { iso: 'large images that are made on demand', udf: 'a large bridge made on demand, and discs that hold audio only' };

/** `npm run -s isoscope` from another folder finds a file by the name it has there, and says what the built file says. */
async function wrapper() {
  const folder = mkdtempSync(join(tmpdir(), 'isoscope-test-'));
  try {
    writeFileSync(join(folder, 'plain.iso'), gunzipSync(readFileSync(join(root, 'fixtures/level1.img.gz'))));
    const npm = ['--prefix', root, 'run', '-s', 'isoscope', '--', 'hash', 'plain.iso'];
    const asked = await command('npm', npm, { cwd: folder, env: { INIT_CWD: undefined } });
    const direct = await node(CLI, ['hash', join(folder, 'plain.iso')]);
    return asked.ok && direct.ok && asked.output === direct.output ? '' : `npm ${npm.join(' ')}: exit ${asked.code}\n${asked.output}\n`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function corpus() {
  await built('cli');
  const wrong = await wrapper();
  const total = { passed: wrong ? 0 : 1, failed: wrong ? 1 : 0, skipped: [], output: wrong };
  if (!existsSync(CORPUS)) return { ...total, skipped: ['no corpus'] };
  for (const args of CORPUS_RUNS) {
    const { output } = await node(join(CORPUS, 'check.mjs'), [...args, '--', process.execPath, CLI]);
    const counts = /^(\d+) passed, (\d+) failed, (\d+) skipped$/m.exec(output);
    total.passed += Number(counts?.[1] ?? 0);
    total.failed += Number(counts?.[2] ?? 1);
    if (Number(counts?.[3] ?? 0) > 0) total.skipped.push(`corpus: ${NOT_IN_CORPUS[args[1]] ?? 'images without an expectation'}`);
    if (!counts || Number(counts[2]) > 0) total.output += output;
  }
  return total;
}

/** In order, those with `beside` two at a time; every stage counts at least one test. */
export const STAGES = [
  {
    id: 'format',
    beside: true,
    title: 'formatting',
    run: check(bin('prettier/bin/prettier.cjs'), [
      '--check',
      '--cache',
      '--cache-location',
      'node_modules/.cache/prettier-of-tests',
      '--log-level',
      'warn',
      '.',
    ]),
  },
  { id: 'lint', beside: true, title: 'lint', run: check(bin('eslint/bin/eslint.js'), ['.', '--max-warnings', '0']) },
  { id: 'types', beside: true, title: 'types of the worker', run: check(bin('typescript/bin/tsc'), ['-p', 'worker']) },
  { id: 'types', beside: true, title: 'types of the service worker', run: check(bin('typescript/bin/tsc'), ['-p', 'worker/sw']) },
  { id: 'types', beside: true, title: 'types of the fixtures', run: check(bin('typescript/bin/tsc'), ['-p', 'fixtures']) },
  { id: 'types', beside: true, title: 'types of the fuzzer', run: check(bin('typescript/bin/tsc'), ['-p', 'fuzz']) },
  { id: 'types', beside: true, title: 'types of the page', run: check(bin('typescript/bin/tsc'), ['-p', '.']) },
  {
    id: 'types',
    beside: true,
    title: 'types of components',
    run: check(bin('svelte-check/bin/svelte-check'), ['--tsconfig', './tsconfig.json', '--fail-on-warnings']),
  },
  { id: 'unused', beside: true, title: 'unused code', run: check(bin('knip/bin/knip.js'), []) },
  { id: 'build', title: 'build', run: check(join(root, '.ci/build.mjs'), []) },
  { id: 'budget', title: 'bundle budget', run: check(join(root, '.ci/bundle-budget.mjs'), []) },
  { id: 'unit', title: 'unit and property tests', run: unit },
  { id: 'corpus', title: 'corpus', run: corpus },
  { id: 'e2e', title: 'journeys in Chromium', run: e2e },
  { id: 'firefox', title: 'journey in Firefox', run: journey('e2e/firefox.mjs') },
  { id: 'webkit', title: 'journey in WebKit', run: journey('e2e/webkit.mjs') },
];
