import { createHash } from 'node:crypto';
import { ImageError, SourceError, Unsupported } from '../protocol/errors.ts';
import { describeEntries, describeOne } from '../catalog/describe.ts';
import { pathOf, walk } from '../catalog/path.ts';
import { listStreams } from '../catalog/streams.ts';
import { checkSize } from '../extract/contents.ts';
import type { View } from '../inspect/view.ts';
import type { EntryRecord } from '../formats/volume.ts';
import type { CommandLine } from './arguments.ts';
import { verifyUnchanged } from './companions.ts';
import { closingCode, DAMAGED, openPath, readView } from './opening.ts';
import { LineWriter, printable, type Terminal } from './terminal.ts';

interface Hashed {
  readonly path: string;
  /** The error in place of a record that cannot be understood. */
  readonly record: EntryRecord | ImageError;
  /** As it was listed. */
  readonly size: number;
}

/** `hash IMAGE`: the SHA-256 of every file; one that cannot be read whole is named on standard error. */
export async function hash(line: CommandLine, terminal: Terminal): Promise<number> {
  const image = await openPath(line, terminal);
  const view = await readView(image, line);
  const lines = new LineWriter(terminal);
  let unreadable = 0;
  for await (const { path, record, size } of contentsToHash(view, line.streams)) {
    try {
      if (record instanceof ImageError) throw record;
      if (record.presence !== 'whole') throw new ImageError('cut-short', 'its bytes are not all in the image', null);
      checkSize(record, size);
      const sha256 = await sha256Of(view, record, path);
      await lines.line(line.json ? JSON.stringify({ path, sha256 }) : `${sha256}  ${printable(path)}`);
    } catch (error) {
      if (!(error instanceof ImageError || error instanceof SourceError || error instanceof Unsupported)) throw error;
      unreadable++;
      terminal.warn(`${printable(path)}: not hashed: ${error.message}`);
    }
  }
  await lines.flush();
  await verifyUnchanged();
  return Math.max(closingCode(image, view, terminal), unreadable > 0 ? DAMAGED : 0);
}

/** What is hashed, by its path: all files, then all named streams where they are wanted. */
async function* contentsToHash({ catalog, volume }: View, streams: boolean): AsyncGenerator<Hashed> {
  const files = (function* () {
    for (const entry of walk(catalog)) if (catalog.kind(entry) === 'file') yield entry;
  })();
  for await (const [entry, record] of describeEntries(volume, catalog, files))
    yield { path: pathOf(catalog, (bytes) => volume.decodeName(bytes), entry), record, size: catalog.size(entry) };
  if (streams)
    for await (const { path, record, size } of listStreams(volume, catalog))
      yield { path, record: await describeOne(volume, record), size };
}

async function sha256Of(view: View, record: EntryRecord, path: string): Promise<string> {
  const source = view.volume.open(record, path);
  const digest = createHash('sha256');
  for await (const chunk of source.stream(0, source.size)) digest.update(chunk);
  return digest.digest('hex');
}
