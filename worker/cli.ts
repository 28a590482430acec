import { resolve } from 'node:path';
import { parseArguments, USAGE, UsageError, type CommandLine } from './commands/arguments.ts';
import { cat } from './commands/cat.ts';
import { hash } from './commands/hash.ts';
import { iso } from './commands/iso.ts';
import { map } from './commands/map.ts';
import { ls } from './commands/ls.ts';
import { Refusal, UNREADABLE } from './commands/opening.ts';
import { report } from './commands/report.ts';
import { extract, save } from './commands/save.ts';
import { verify } from './commands/verify.ts';
import type { Terminal } from './commands/terminal.ts';
import { ImageError, isAbort, SourceError, Unsupported } from './protocol/errors.ts';

declare const __VERSION__: string;

const USAGE_CODE = 64;
/** What is cancelled has so long to tidy up. */
const GRACE_MS = 2000;
/** What a shell gives for a program ended by Ctrl-C. */
const CANCELLED = 130;

/** Each command: how many operands it takes at least and at most, and what it does. */
const COMMANDS: Readonly<Record<string, readonly [number, number, (line: CommandLine, terminal: Terminal) => Promise<number>]>> = {
  ls: [1, 1, ls],
  hash: [1, 1, hash],
  cat: [2, 2, cat],
  save: [2, Infinity, save],
  extract: [2, Infinity, extract],
  report: [1, 1, report],
  map: [1, 1, map],
  verify: [1, 1, verify],
  iso: [2, 2, iso],
};

/** Commands that write files: only they have something to tidy up. */
const WRITES: readonly string[] = ['save', 'extract', 'iso'];

const cancelled = new AbortController();

const terminal: Terminal = {
  signal: cancelled.signal,
  version: __VERSION__,
  print: (text) =>
    new Promise((done) => {
      if (process.stdout.write(text)) done();
      else process.stdout.once('drain', done);
    }),
  warn: (line) => void process.stderr.write(`${line}\n`),
  // `npm run` starts in the project's folder; INIT_CWD is where the user called it
  resolve: (path) => resolve(process.env['INIT_CWD'] ?? process.cwd(), path),
};

async function run(words: readonly string[]): Promise<number> {
  if (words.includes('--version')) {
    await terminal.print(`isoscope ${__VERSION__}\n`);
    return 0;
  }
  if (words.includes('--help') || words.includes('-h')) {
    await terminal.print(`${USAGE}\n`);
    return 0;
  }
  try {
    const line = parseArguments(words);
    const command = COMMANDS[line.command];
    if (!command) throw new UsageError(`there is no command “${line.command}”`);
    const [least, most, execute] = command;
    if (line.operands.length < least || line.operands.length > most) throw new UsageError(`“${line.command}” takes other arguments`);
    if (WRITES.includes(line.command)) tidyWhenEnded();
    return await execute(line, terminal);
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.warn(`isoscope: ${error.message} (isoscope --help)`);
      return USAGE_CODE;
    }
    if (error instanceof Refusal || error instanceof ImageError || error instanceof SourceError || error instanceof Unsupported) {
      terminal.warn(`isoscope: ${error.message}`);
      return UNREADABLE;
    }
    if (isAbort(error) && cancelled.signal.aborted) return CANCELLED;
    terminal.warn(`isoscope: internal error: ${error instanceof Error ? error.message : String(error)}`);
    if (process.env['ISOSCOPE_DEBUG'] && error instanceof Error) terminal.warn(error.stack ?? '');
    return UNREADABLE;
  }
}

/** Ctrl-C removes what is half written; a second time it ends the program at once. */
function tidyWhenEnded(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      cancelled.abort();
      setTimeout(() => process.exit(CANCELLED), GRACE_MS).unref();
    });
  }
}

/** Standard output or error takes no more: that a reader (head, say) has seen enough is no error. */
function endOn(error: NodeJS.ErrnoException, told: boolean): void {
  if (error.code === 'EPIPE') process.exit(0);
  if (told) terminal.warn(`isoscope: standard output cannot be written (${error.code ?? error.message})`);
  process.exit(UNREADABLE);
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => endOn(error, true));
process.stderr.on('error', (error: NodeJS.ErrnoException) => endOn(error, false));
process.exitCode = await run(process.argv.slice(2));
