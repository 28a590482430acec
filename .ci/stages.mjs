import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { node } from './command.mjs';
import { root } from './install.mjs';
import { findChromium } from './judges.mjs';

const bin = (path) => join(root, 'node_modules', path);
const CORPUS = resolve(root, '../shared/corpus');

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
  const { output, report } = await reported((path) => node(join(root, script), [], { env: { ISOSCOPE_REPORT: path }, limit: 300 }));
  if (!report) return { passed: 0, failed: 1, skipped: [], output };
  return { ...report, output: report.failed > 0 ? output : '' };
};

/** Arguments of check.mjs for what this milestone reads: one run each. */
function corpusRuns() {
  const index = JSON.parse(readFileSync(join(CORPUS, 'index.json'), 'utf8'));
  const viewOf = (image) => JSON.parse(readFileSync(join(CORPUS, image.expect), 'utf8')).view;
  const hostile = index.filter((image) => image.milestone === 'hostile' && !image.name.includes('udf') && viewOf(image) !== 'udf');
  return [
    ['--milestone', 'iso', '--first', '--jobs', '2'],
    ['--milestone', 'refuse'],
    ...hostile.map((image) => ['--milestone', 'hostile', '--name', image.name]),
  ];
}

async function corpus() {
  if (!existsSync(CORPUS)) return { passed: 0, failed: 0, skipped: ['no corpus'] };
  const total = { passed: 0, failed: 0, skipped: [], output: '' };
  const cli = join(root, '.ci/isoscope.mjs');
  const one = async (args) => {
    const { output } = await node(join(CORPUS, 'check.mjs'), [...args, '--', process.execPath, cli]);
    const counts = /^(\d+) passed, (\d+) failed, (\d+) skipped$/m.exec(output);
    total.passed += Number(counts?.[1] ?? 0);
    total.failed += Number(counts?.[2] ?? 1);
    if (Number(counts?.[3] ?? 0) > 0) total.skipped.push('corpus: large images that are made on demand');
    if (!counts || Number(counts[2]) > 0) total.output += output;
  };
  const [iso, ...others] = corpusRuns();
  await one(iso); // takes both cores
  const rest = async () => {
    for (let args = others.shift(); args; args = others.shift()) await one(args);
  };
  await Promise.all([rest(), rest()]);
  return total;
}

/** In order; every stage counts at least one test. */
export const STAGES = [
  {
    id: 'format',
    title: 'formatting',
    run: check(bin('prettier/bin/prettier.cjs'), [
      '--check',
      '--cache',
      '--cache-location',
      'node_modules/.cache/prettier',
      '--log-level',
      'warn',
      '.',
    ]),
  },
  { id: 'lint', title: 'lint', run: check(bin('eslint/bin/eslint.js'), ['.', '--max-warnings', '0']) },
  { id: 'types', title: 'types of the worker', run: check(bin('typescript/bin/tsc'), ['-p', 'worker']) },
  { id: 'types', title: 'types of the fixtures', run: check(bin('typescript/bin/tsc'), ['-p', 'fixtures']) },
  { id: 'types', title: 'types of the page', run: check(bin('typescript/bin/tsc'), ['-p', '.']) },
  {
    id: 'types',
    title: 'types of components',
    run: check(bin('svelte-check/bin/svelte-check'), ['--tsconfig', './tsconfig.json', '--fail-on-warnings']),
  },
  { id: 'unused', title: 'unused code', run: check(bin('knip/bin/knip.js'), []) },
  { id: 'build', title: 'build', run: check(join(root, '.ci/build.mjs'), []) },
  { id: 'budget', title: 'bundle budget', run: check(join(root, '.ci/bundle-budget.mjs'), []) },
  { id: 'unit', title: 'unit and property tests', run: unit },
  { id: 'corpus', title: 'corpus', run: corpus },
  { id: 'e2e', title: 'journeys in Chromium', run: e2e },
  { id: 'firefox', title: 'journey in Firefox', run: journey('e2e/firefox.mjs') },
  { id: 'webkit', title: 'journey in WebKit', run: journey('e2e/webkit.mjs') },
];
