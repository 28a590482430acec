import { ImageError } from '../protocol/errors.ts';
import { findPath } from '../catalog/path.ts';
import { findStream } from '../catalog/streams.ts';
import { checkSize, contentsOf } from '../extract/contents.ts';
import type { EntryRecord } from '../formats/volume.ts';
import type { View } from '../inspect/view.ts';
import type { CommandLine } from './arguments.ts';
import { UsageError } from './arguments.ts';
import { verifyUnchanged } from './companions.ts';
import { closingCode, DAMAGED, openPath, readView, Refusal, WHOLE } from './opening.ts';
import { printable, type Terminal } from './terminal.ts';

/** `cat IMAGE PATH`: the contents of one file. */
export async function cat(line: CommandLine, terminal: Terminal): Promise<number> {
  const wanted = line.operands[1] as string;
  const image = await openPath(line, terminal);
  const view = await readView(image, line);
  const found = await contentsAt(view, wanted);
  const record = (await view.volume.describe([found.record]))[0] as EntryRecord;
  if (record.presence !== 'whole' && !line.partial)
    throw new Refusal(`“${wanted}” runs past the end of the image; --partial gives what is present`);
  try {
    checkSize(record, found.size);
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

/** The file at a path, or the stream that `path:stream` names; UsageError where there is neither. */
async function contentsAt(view: View, path: string): Promise<{ readonly record: number; readonly size: number }> {
  const { catalog, volume } = view;
  const entry = findPath(catalog, (bytes) => volume.decodeName(bytes), path);
  const stream = entry === -1 ? await findStream(volume, catalog, path) : null;
  if (stream) return stream;
  if (entry === -1) throw new UsageError(`there is no “${path}” in view ${volume.id}`);
  if (catalog.kind(entry) !== 'file') throw new UsageError(`“${path}” is a ${catalog.kind(entry)}, not a file`);
  return { record: catalog.record(entry), size: catalog.size(entry) };
}
