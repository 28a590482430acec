import { ImageError } from '../protocol/errors.ts';
import { checkSize, contentsOf } from '../extract/contents.ts';
import type { EntryRecord } from '../formats/volume.ts';
import type { CommandLine } from './arguments.ts';
import { UsageError } from './arguments.ts';
import { verifyUnchanged } from './companions.ts';
import { closingCode, DAMAGED, entriesAt, openPath, readView, Refusal, WHOLE } from './opening.ts';
import { printable, type Terminal } from './terminal.ts';

/** `cat IMAGE PATH`: the contents of one file. */
export async function cat(line: CommandLine, terminal: Terminal): Promise<number> {
  const wanted = line.operands[1] as string;
  const image = await openPath(line, terminal);
  const view = await readView(image, line);
  const entry = entriesAt(view, [wanted])[0] as number;
  if (view.catalog.kind(entry) !== 'file') throw new UsageError(`“${wanted}” is a ${view.catalog.kind(entry)}, not a file`);
  const record = (await view.volume.describe([view.catalog.record(entry)]))[0] as EntryRecord;
  if (record.presence !== 'whole' && !line.partial)
    throw new Refusal(`“${wanted}” runs past the end of the image; --partial gives what is present`);
  try {
    checkSize(record, view.catalog.size(entry));
    const source = contentsOf(image.source, view.volume, record, wanted, line.partial);
    for await (const chunk of source.stream(0, source.size, terminal.signal)) await terminal.print(chunk.slice());
    if (source.size < record.size) terminal.warn(`${printable(wanted)}: ${source.size} of ${record.size} bytes are present`);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    terminal.warn(`${printable(wanted)}: ${error.message}`);
    return DAMAGED;
  }
  await verifyUnchanged();
  return Math.max(closingCode(image, view, terminal), record.presence === 'whole' ? WHOLE : DAMAGED);
}
