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
/** Stream directories that are read together, in number and in bytes. */
const TOGETHER = 256;
const TOGETHER_BYTES = 4 * 1024 * 1024;
/** Bytes of them that are read for one question; beyond, as many as the image has: they do not overlap. */
const LEAST_BUDGET = 16 * 1024 * 1024;

/** A stream directory, and the places in the answer that its streams go to. */
interface StreamDirectory {
  readonly slots: readonly number[];
  readonly entry: FileEntry;
  /** Bytes of it that are read. */
  readonly length: number;
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
  const wanted = new Map<number, number[]>();
  for (const [slot, address] of directories.entries()) {
    const slots = wanted.get(address);
    if (slots) slots.push(slot);
    else if (address >= 0) wanted.set(address, [slot]);
  }
  let left = Math.max(space.held.size, LEAST_BUDGET);
  const open = (entry: FileEntry | null, slots: readonly number[]): StreamDirectory[] => {
    if (!entry || !isStreamDirectory(entry, findings)) return [];
    const length = Math.min(entry.allocation.length, MAX_STREAM_DIRECTORY);
    if (length > left) {
      reportOverlap(entry, findings);
      return [];
    }
    left -= length;
    return [{ slots, entry, length }];
  };
  for (const batch of batches([...wanted], TOGETHER, () => 0)) {
    const found = await icbs.read(
      batch.map(([address]) => address),
      findings,
      signal,
    );
    const opened = batch.flatMap(([, slots], index) => open(found[index] ?? null, slots));
    for (const some of batches(opened, TOGETHER, ({ length }) => length)) {
      const parts = await scanDirectories(
        gather,
        some.map((directory) => ({ directory, from: 0, length: directory.length, last: true })),
        findings,
        signal,
      );
      const named = parts.flatMap(({ directory, scan }) =>
        scan.identifiers.filter(({ icb }) => icb >= 0).map((identifier) => ({ slots: directory.slots, identifier })),
      );
      const entries = await icbs.read(
        named.map(({ identifier }) => identifier.icb),
        findings,
        signal,
      );
      for (const [index, { slots, identifier }] of named.entries()) {
        const stream = streamOf(identifier, entries[index] ?? null, space);
        for (const slot of slots) streams[slot]?.push(stream);
      }
    }
  }
  return streams;
}

/** A list in parts of so many, and of no more bytes than are read together. */
function* batches<T>(list: readonly T[], most: number, bytesOf: (one: T) => number): Generator<T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const one of list) {
    if (batch.length === most || bytes + bytesOf(one) > TOGETHER_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(one);
    bytes += bytesOf(one);
  }
  if (batch.length > 0) yield batch;
}

function reportOverlap({ offset }: FileEntry, findings: Findings): void {
  findings.add(
    'damage',
    'directories-overlap',
    offset,
    'ECMA-167 4/8.6',
    'Directories of streams overlap: together they are larger than the image. This one was not read.',
  );
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
