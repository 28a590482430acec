import { parseArgs } from 'node:util';
import { alone, install } from './install.mjs';
import { getJudges } from './judges.mjs';

const MAX_LINES_SHOWN = 120;
const COUNT_LINE = /^\d+ passed, \d+ failed/;

function options(args, ids) {
  try {
    const { values } = parseArgs({ args, options: { only: { type: 'string' } } });
    const only = values.only?.split(',') ?? ids;
    const unknown = only.filter((id) => !ids.includes(id));
    if (unknown.length > 0) throw new Error(`no stage ${unknown.join(', ')}`);
    return only;
  } catch (error) {
    console.error(`${error.message}\nUsage: npm test -- [--only ${ids.join(',')}]`);
    process.exit(64);
  }
}

/** The end of a failed stage's output, without count lines of its own. */
function shown(output) {
  const lines = output.trimEnd().split('\n');
  const kept = lines.filter((line) => !COUNT_LINE.test(line.trim()));
  const cut = kept.length - MAX_LINES_SHOWN;
  return (cut > 0 ? [`(${cut} lines before)`, ...kept.slice(cut)] : kept).map((line) => `    ${line}`).join('\n');
}

async function carryOut(stage) {
  try {
    return await stage.run();
  } catch (error) {
    return { passed: 0, failed: 1, skipped: [], output: error.stack };
  }
}

/** Runs the stages, goes on after a failure, closes with one line of counts. */
export async function main(args) {
  const begun = Date.now();
  try {
    await alone(install);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
  const { STAGES } = await import('./stages.mjs');
  const only = options(args, [...new Set(STAGES.map((stage) => stage.id))]);
  getJudges();
  const total = { passed: 0, failed: 0, skipped: [] };
  const count = async (stage) => {
    const from = Date.now();
    const { passed, failed, skipped, output } = await carryOut(stage);
    total.passed += passed;
    total.failed += failed;
    total.skipped.push(...skipped);
    const seconds = ((Date.now() - from) / 1000).toFixed(1).padStart(6);
    const figures = `${passed} ok${failed > 0 ? `, ${failed} FAILED` : ''}${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`;
    console.log(`${seconds} s  ${stage.title}: ${figures}`);
    if (failed > 0 && output) console.log(shown(output));
  };
  const stages = STAGES.filter(({ id }) => only.includes(id));
  const beside = stages.filter((stage) => stage.beside);
  const inTurn = async () => {
    for (let stage = beside.shift(); stage; stage = beside.shift()) await count(stage);
  };
  await Promise.all([inTurn(), inTurn()]);
  for (const stage of stages.filter((each) => !each.beside)) await count(stage);
  console.log(`${((Date.now() - begun) / 1000).toFixed(1).padStart(6)} s  in all`);
  for (const skip of total.skipped) console.log(`skipped: ${skip}`);
  const skipped = total.skipped.length > 0 ? `, ${total.skipped.length} skipped` : '';
  console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}
