import { resolve } from 'node:path';
import { parseArguments, USAGE, UsageError, type CommandLine } from './commands/arguments.ts';
import { cat } from './commands/cat.ts';
import { hash } from './commands/hash.ts';
import { iso } from './commands/iso.ts';
import { ls } from './commands/ls.ts';
import { Refusal, UNREADABLE } from './commands/opening.ts';
import { report } from './commands/report.ts';
import { extract, save } from './commands/save.ts';
import { verify } from './commands/verify.ts';
import type { Terminal } from './commands/terminal.ts';
import { ImageError, SourceError, Unsupported } from './protocol/errors.ts';

declare const __VERSION__: string;

const USAGE_CODE = 64;

/** Each command: how many operands it takes at least and at most, and what it does. */
const COMMANDS: Readonly<Record<string, readonly [number, number, (line: CommandLine, terminal: Terminal) => Promise<number>]>> = {
  ls: [1, 1, ls],
  hash: [1, 1, hash],
  cat: [2, 2, cat],
  save: [2, Infinity, save],
  extract: [2, Infinity, extract],
  report: [1, 1, report],
  verify: [1, 1, verify],
  iso: [2, 2, iso],
};

const terminal: Terminal = {
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
    throw error;
  }
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0); // the reader (head, say) has seen enough
  throw error;
});
process.exitCode = await run(process.argv.slice(2));
