import type { Gather } from '../../source/gather.ts';
import type { Findings } from '../findings.ts';
import type { NamedStream } from '../volume.ts';
import { scanDirectories } from './directory-scan.ts';
import { FILE_TYPES, readFileEntry, type FileEntry } from './file-entry.ts';
import { nameOf, type FileIdentifier } from './file-identifier.ts';
import { IcbReader } from './icb.ts';
import type { Space } from './space.ts';
import { entryPresence } from './walk.ts';

/** Bytes of one stream directory that are read: thousands of streams. */
const MAX_STREAM_DIRECTORY = 1024 * 1024;
/** Stream directories that are read together. */
const TOGETHER = 256;

/** A stream directory, and the place in the answer that its streams go to. */
interface StreamDirectory {
  readonly slot: number;
  readonly entry: FileEntry;
}

/**
 * The named streams of entries, by the ICBs of their stream directories (below 0: none), in the same
 * order (ECMA-167 4/14.17, UDF 2.60 3.3.5). A directory that cannot be read has none, and is told.
 */
export async function readStreams(
  gather: Gather,
  space: Space,
  directories: readonly number[],
  findings: Findings,
  signal?: AbortSignal,
): Promise<NamedStream[][]> {
  const icbs = new IcbReader(space, gather, readFileEntry);
  const streams = directories.map((): NamedStream[] => []);
  const wanted = directories.flatMap((address, slot) => (address >= 0 ? [{ address, slot }] : []));
  for (let from = 0; from < wanted.length; from += TOGETHER) {
    const batch = wanted.slice(from, from + TOGETHER);
    const found = await icbs.read(
      batch.map(({ address }) => address),
      findings,
      signal,
    );
    const opened = batch.flatMap(({ slot }, index): StreamDirectory[] => {
      const entry = found[index];
      return entry && isStreamDirectory(entry, findings) ? [{ slot, entry }] : [];
    });
    const parts = await scanDirectories(
      gather,
      opened.map((directory) => {
        const { length } = directory.entry.allocation;
        return { directory, from: 0, length: Math.min(length, MAX_STREAM_DIRECTORY), last: true };
      }),
      findings,
      signal,
    );
    const named = parts.flatMap(({ directory, scan }) =>
      scan.identifiers.filter(({ icb }) => icb >= 0).map((identifier) => ({ slot: directory.slot, identifier })),
    );
    const entries = await icbs.read(
      named.map(({ identifier }) => identifier.icb),
      findings,
      signal,
    );
    for (const [index, { slot, identifier }] of named.entries()) streams[slot]?.push(streamOf(identifier, entries[index] ?? null, space));
  }
  return streams;
}

/** Some writers leave the type of a stream directory at that of a directory; nothing else holds identifiers (ECMA-167 4/14.6.6). */
function isStreamDirectory({ fileType, offset }: FileEntry, findings: Findings): boolean {
  if (fileType === FILE_TYPES.streamDirectory || fileType === FILE_TYPES.directory) return true;
  findings.add(
    'damage',
    'stream-directory',
    offset,
    'ECMA-167 4/14.6.6',
    'Where the directory of an entry’s streams should stand there is none.',
  );
  return false;
}

function streamOf(identifier: FileIdentifier, entry: FileEntry | null, space: Space): NamedStream {
  return {
    name: nameOf(identifier),
    record: identifier.icb,
    size: entry?.allocation.length ?? 0,
    presence: entry ? entryPresence(entry, space.held) : 'missing',
  };
}
