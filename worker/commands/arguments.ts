import { CHARSETS, charsetNamed, type CharsetId } from '../protocol/charset.ts';
import type { ViewId } from '../protocol/entry.ts';
import type { Compression } from '../protocol/save.ts';

export const VIEWS: readonly ViewId[] = ['rockridge', 'udf', 'joliet', 'iso1999', 'iso9660', 'highsierra', 'boot', 'tracks'];

const COMPRESSIONS: readonly Compression[] = ['stored', 'fast', 'small'];

export const USAGE = `usage: isoscope COMMAND IMAGE [...] [--view ID] [--json]

  ls IMAGE                         list every entry
  hash IMAGE                       SHA-256 of every file
  cat IMAGE PATH                   the contents of one file, to standard output
  save IMAGE OUT [PATH...]         save the selection, or the whole disc, as .zip, .tar, .tar.gz or .tgz
  extract IMAGE DIR [PATH...]      the same as files and directories
  report IMAGE                     what the image is, its views, volumes and findings
  map IMAGE                        who owns every byte: structures, directories, files, gaps, a line for each run
  verify IMAGE                     compare raw sectors with their checksums, and the disc with those it holds of itself
  iso IMAGE OUT.iso                save as a plain image of 2,048-byte sectors

  IMAGE may be a CUE sheet, a CCD, MDS or TOC file or the first part (.001); its companions are found beside it

  --view ID    ${VIEWS.join(', ')} (default: the one shown first)
  --inside PATH  of an image in the image (a FAT file system): its own tree
  --session N  the Nth session (default: the last state, as a drive shows it)
  --charset NAME  charset of 8-bit names (default: guessed)
  --json       one object a line (ls, hash, map), or one object (report, verify)
  --compression NAME  of a .zip or .tar.gz: stored, fast or small (default: a .zip stored, a .tar.gz fast)
  --streams    named streams too, as PATH:STREAM (ls, hash); cat takes such a path
  --partial    save what is present of files that are cut short
  --version, --help

exit codes: 0 whole, 1 read with damage, 2 not readable or an error, 64 wrong usage,
130 ended by the user (nothing half written is left)

ISOSCOPE_DEBUG=1 shows where an internal error arose`;

/** A command line that makes no sense; the message is one clear line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface CommandLine {
  readonly command: string;
  /** What stands behind the command and is no option, in order. */
  readonly operands: readonly string[];
  readonly view: ViewId | null;
  /** Path of a file that is an image: the command is about its tree; null: about the disc's. */
  readonly inside: string | null;
  /** Session, counted from 1; null: the last state. */
  readonly session: number | null;
  /** Charset of 8-bit names; null: guessed. */
  readonly charset: CharsetId | null;
  readonly json: boolean;
  /** List and hash named streams too. */
  readonly streams: boolean;
  /** null: as the format has it. */
  readonly compression: Compression | null;
  readonly partial: boolean;
}

const FLAGS = ['--json', '--streams', '--partial'];

/** Take the words of a command line apart. */
export function parseArguments(words: readonly string[]): CommandLine {
  const operands: string[] = [];
  const flags = new Set<string>();
  let view: ViewId | null = null;
  let inside: string | null = null;
  let session: number | null = null;
  let charset: CharsetId | null = null;
  let compression: Compression | null = null;
  let onlyOperands = false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    if (onlyOperands || !word.startsWith('-') || word === '-') operands.push(word);
    else if (word === '--') onlyOperands = true;
    else if (FLAGS.includes(word)) flags.add(word);
    else if (word === '--view') view = viewNamed(words[++index]);
    else if (word.startsWith('--view=')) view = viewNamed(word.slice('--view='.length));
    else if (word === '--inside') inside = pathGiven(words[++index]);
    else if (word.startsWith('--inside=')) inside = pathGiven(word.slice('--inside='.length));
    else if (word === '--session') session = sessionNumber(words[++index]);
    else if (word.startsWith('--session=')) session = sessionNumber(word.slice('--session='.length));
    else if (word === '--charset') charset = charsetOf(words[++index]);
    else if (word.startsWith('--charset=')) charset = charsetOf(word.slice('--charset='.length));
    else if (word === '--compression') compression = compressionNamed(words[++index]);
    else if (word.startsWith('--compression=')) compression = compressionNamed(word.slice('--compression='.length));
    else throw new UsageError(`there is no option ${word}`);
  }
  const command = operands.shift();
  if (command === undefined) throw new UsageError('no command given');
  return {
    command,
    operands,
    view,
    inside,
    session,
    charset,
    json: flags.has('--json'),
    streams: flags.has('--streams'),
    compression,
    partial: flags.has('--partial'),
  };
}

function viewNamed(word: string | undefined): ViewId {
  const view = VIEWS.find((id) => id === word);
  if (!view) throw new UsageError(`--view takes one of ${VIEWS.join(', ')}${word === undefined ? '' : `, not “${word}”`}`);
  return view;
}

function pathGiven(word: string | undefined): string {
  if (word === undefined || word === '') throw new UsageError('--inside takes the path of a file in the image');
  return word;
}

function compressionNamed(word: string | undefined): Compression {
  const compression = COMPRESSIONS.find((name) => name === word);
  if (!compression) throw new UsageError(`--compression takes one of ${COMPRESSIONS.join(', ')}`);
  return compression;
}

function sessionNumber(word: string | undefined): number {
  if (!/^[1-9]\d{0,3}$/.test(word ?? '')) throw new UsageError('--session takes the number of a session, counted from 1');
  return Number(word);
}

function charsetOf(word: string | undefined): CharsetId {
  const charset = charsetNamed(word ?? '');
  if (!charset) throw new UsageError(`--charset takes one of ${CHARSETS.map(({ id }) => id).join(', ')}`);
  return charset;
}
