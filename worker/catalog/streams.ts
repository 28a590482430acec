import { ROOT, type EntryId } from '../protocol/entry.ts';
import type { NamedStream, Volume } from '../formats/volume.ts';
import type { Catalog } from './catalog.ts';
import { findPath, pathOf, walk } from './path.ts';

/** Entries whose streams are asked for at once. */
const BATCH = 4096;

/** What stands between a path and the name of a stream. */
export const STREAM_MARK = ':';

/** A stream with the path that names it: `path:stream`. */
export interface ListedStream extends NamedStream {
  readonly path: string;
}

/** The named streams of these entries (without them, of the root and all below), entry by entry; none in volumes that have no such thing. */
export async function* listStreams(
  volume: Volume,
  catalog: Catalog,
  entries: Iterable<EntryId> = allEntries(catalog),
): AsyncGenerator<ListedStream> {
  const decode = (bytes: Uint8Array): string => volume.decodeName(bytes);
  let batch: EntryId[] = [];
  const streamsOf = async function* (): AsyncGenerator<ListedStream> {
    const records = batch.map((entry) => catalog.record(entry));
    const found = (await volume.streams?.(records)) ?? [];
    for (const [index, streams] of found.entries())
      for (const stream of streams)
        yield { ...stream, path: `${pathOf(catalog, decode, batch[index] as EntryId)}${STREAM_MARK}${decode(stream.name)}` };
    batch = [];
  };
  for (const entry of entries) {
    batch.push(entry);
    if (batch.length === BATCH) yield* streamsOf();
  }
  yield* streamsOf();
}

function* allEntries(catalog: Catalog): Generator<EntryId> {
  yield ROOT;
  yield* walk(catalog);
}

/** The stream that `path:stream` names; null where there is none. Names may hold the mark themselves. */
export async function findStream(volume: Volume, catalog: Catalog, path: string): Promise<ListedStream | null> {
  const decode = (bytes: Uint8Array): string => volume.decodeName(bytes);
  for (let at = path.indexOf(STREAM_MARK); at !== -1; at = path.indexOf(STREAM_MARK, at + 1)) {
    const entry = findPath(catalog, decode, path.slice(0, at));
    if (entry === -1) continue;
    for await (const stream of listStreams(volume, catalog, [entry])) if (decode(stream.name) === path.slice(at + 1)) return stream;
  }
  return null;
}
