// The table of docs/performance.md.
import { format, resolveConfig } from 'prettier';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';

const PATH = join(import.meta.dirname, '..', 'docs', 'performance.md');

const INTRODUCTION = `# Performance

Written by \`npm run bench\`; not by hand. **Absolute numbers mean nothing**: they are those of one machine, on which other
work ran as well. What counts are the ratios: all contenders of a contest ran in turn, in the same minutes, on the same image,
from a warm page cache. Every figure is the median of its runs; growth of memory is the largest sum of the proportional set
sizes of all processes of a browser (a fresh one), less that before: of a save, less that once its image was open.

Isoscope is measured through the worker that ships, as the page asks it, given the two seconds that a page's spare worker has before
a file is dropped; where nothing else is said, until the tree that is shown has been read. "Parsing alone" is the same code in a worker with the bytes of the directories in memory; "a bare loop" is
the least that listing can be (names, sizes, times, without checks), for comparison only. The peers in the browser have workers
of their own, and are loaded before the clock starts; native tools are timed with their process. Into a file means a file of the
browser's own (what a save picker gives, without its dialog).
`;

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`;
const milliseconds = (ms) => `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;

/** What stands beside a contender. */
function shown(contest, result) {
  if (result.failed) return result.failed;
  const { ms, bytes, root, blocked, reads, save, download } = result.medians;
  const size = contest.sizes ? megabytes(bytes) : null;
  if (contest.memory) return megabytes(bytes);
  const more = [
    size,
    root === undefined ? null : `root after ${milliseconds(root)}`,
    blocked === undefined ? null : `page blocked ${milliseconds(blocked)}`,
    reads === undefined ? null : `${reads} reads`,
    save === undefined ? null : `save ${milliseconds(save)}, download ${milliseconds(download)}`,
  ].filter(Boolean);
  return milliseconds(ms) + (more.length > 0 ? ` (${more.join(', ')})` : '');
}

/** One contest as lines for the terminal. */
export function lines(contest, result, judgements) {
  const contenders = Object.entries(result).map(([name, one]) => `  ${name}: ${shown(contest, one)}`);
  const verdicts = judgements.map(({ what, value, bound, ok }) => `  ${ok ? 'pass       ' : 'FALLS SHORT'} ${what}: ${value} (${bound})`);
  return [contest.title, ...contenders, ...verdicts].join('\n');
}

const FRAMES = `Input comes 60 times a second for two seconds (the wheel by 600 px, a key); Chromium traces it. Beside it the same input on
an empty page that only scrolls. A frame has 16.7 ms; a task is one of the page's own thread. Chromium draws by the processor here (no GPU), which is
counted as time of the frame.`;

/** How smooth the page was, as a table of Markdown. */
export function frameTable(frames) {
  const cells = ({ drawn, dropped, longest, over }) =>
    `${drawn} drawn, ${dropped} dropped | ${milliseconds(longest)} (${over} over 16.7 ms)`;
  const rows = frames.map(({ what, page, empty }) => `| ${what} | ${cells(page)} | ${cells(empty)} |`);
  return ['| what | frames | longest task | empty page: frames | longest task |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** Writes docs/performance.md. */
export async function writeReport({ machine, versions, runs, contests, frames }) {
  const rows = contests.flatMap(({ contest, judgements }) =>
    judgements.map(
      ({ what, value, bound, ok, why }) =>
        `| ${contest.title} | ${what} | ${value} | ${bound} | ${ok ? 'pass' : `**FALLS SHORT** ${why}`.trim()} |`,
    ),
  );
  const medians = contests.flatMap(({ contest, result }) =>
    Object.entries(result).map(([name, one], at) => `| ${at === 0 ? contest.title : ''} | ${name} | ${shown(contest, one)} |`),
  );
  const text = [
    INTRODUCTION,
    `Machine: ${machine}. ${runs} interleaved runs. ${versions}.`,
    '## Targets',
    ['| what | measure | here | target | |', '|---|---|---|---|---|', ...rows].join('\n'),
    '## Medians behind them',
    ['| what | who | median |', '|---|---|---|', ...medians].join('\n'),
    '## Frames with 1,000,000 entries',
    FRAMES,
    frameTable(frames),
  ].join('\n\n');
  writeFileSync(PATH, await format(text, { ...(await resolveConfig(PATH)), filepath: PATH }));
  return PATH;
}
