import { ImageError } from '../protocol/errors.ts';
import { describeEntries } from '../catalog/describe.ts';
import { walk } from '../catalog/path.ts';
import { listStreams } from '../catalog/streams.ts';
import { entryRecord, isoTime } from '../inspect/entry-record.ts';
import { detailsOf, ExtentRoom, type ListedDetails } from '../inspect/listing.ts';
import type { CommandLine } from './arguments.ts';
import { closingCode, openPath, readView } from './opening.ts';
import { LineWriter, printable, type Terminal } from './terminal.ts';

/** `ls IMAGE`: every entry, a line each. */
export async function ls(line: CommandLine, terminal: Terminal): Promise<number> {
  const image = await openPath(line, terminal);
  const view = await readView(image, line);
  const lines = new LineWriter(terminal);
  const room = new ExtentRoom();
  let unreadable = 0;
  for await (const [entry, record] of describeEntries(view.volume, view.catalog, walk(view.catalog))) {
    const failed = record instanceof ImageError;
    if (failed) {
      unreadable++;
      terminal.warn(`${record.code}: ${printable(record.message)}`);
    }
    const details = detailsOf(view, entry, failed ? null : record, [], null, room);
    await lines.line(line.json ? JSON.stringify(entryRecord(view, details)) : tableLine(details));
  }
  if (line.streams) {
    for await (const { path, size, presence } of listStreams(view.volume, view.catalog))
      await lines.line(line.json ? JSON.stringify({ path, kind: 'stream', size }) : streamLine(path, size, presence));
  }
  await lines.flush();
  return Math.max(closingCode(image, view, terminal), unreadable > 0 ? 1 : 0);
}

const KIND_LETTERS = { file: '-', directory: 'd', symlink: 'l', device: 'b', other: '?' } as const;

/** A device by the type in its mode; without one it is a block device's letter. */
function kindLetter({ kind, mode }: ListedDetails): string {
  const type = kind === 'device' ? (mode ?? 0) & 0o170000 : 0;
  return type === 0o020000 ? 'c' : type === 0o010000 ? 'p' : type === 0o140000 ? 's' : KIND_LETTERS[kind];
}

/** An entry as one line of the table. */
export function tableLine(details: ListedDetails): string {
  const mode = details.mode === null ? '    ' : (details.mode & 0o7777).toString(8).padStart(4, '0');
  const size = details.size === null ? '' : String(details.size);
  const modified = details.times.modified === undefined ? '' : isoTime(details.times.modified).slice(0, 16).replace('T', ' ');
  const target = details.target === null ? '' : ` -> ${printable(details.target)}`;
  const lost = details.presence === 'whole' ? '' : `  [${details.presence}]`;
  return `${kindLetter(details)} ${mode} ${size.padStart(14)}  ${modified.padEnd(16)}  ${printable(details.path)}${target}${lost}`;
}

function streamLine(path: string, size: number, presence: string): string {
  return `s      ${String(size).padStart(14)}  ${''.padEnd(16)}  ${printable(path)}${presence === 'whole' ? '' : `  [${presence}]`}`;
}
