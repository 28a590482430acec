import { Block } from '../../bytes/block.ts';
import { Gather } from '../../source/gather.ts';
import { RunsSource } from '../../source/runs.ts';
import type { ByteSource } from '../../source/source.ts';
import { Findings } from '../findings.ts';
import { textOfDstring } from './cs0.ts';
import { entityName } from './entity.ts';
import { FILE_TYPES, isFileEntry, readFileEntry, type FileEntry } from './file-entry.ts';
import { IcbReader } from './icb.ts';
import { addressOf, type Partition, type Space } from './space.ts';
import { isTag, readTag } from './tag.ts';

/** How far from its end an image is searched for the table: padding and run-out blocks stand behind it. */
const SEARCHED = 8 * 1024 * 1024;
const STEP = 1024 * 1024;
/** Bytes of a table that are read: sixteen million blocks. */
const MAX_TABLE = 64 * 1024 * 1024;
/** Bytes behind the entries of a 1.50 table: an identifier and the previous table's place (UDF 1.50 2.2.10). */
const TRAILER = 36;
/** Bytes of the header of a 2.00 table, at the least (UDF 2.60 2.2.11). */
const HEADER = 152;
/** Earlier tables that are followed. */
const MAX_EARLIER = 255;
const UNUSED = 0xffffffff;

/** Virtual allocation table (UDF 2.60 2.2.11). */
export interface Vat {
  /** Absolute offset of its file entry. */
  readonly offset: number;
  /** Block of the partition below for each virtual block. */
  readonly entries: Uint32Array;
  /** Block of the partition below in which the previous table's file entry stands; null where none is named. */
  readonly previous: number | null;
  /** Identifier of the logical volume; null where the table has none (1.50). */
  readonly label: string | null;
  readonly files: number | null;
  readonly directories: number | null;
}

/** The virtual partition by its table (UDF 2.60 2.2.8). */
export function virtualPartition({ entries }: Vat, below: Partition, blockSize: number): Partition {
  return {
    span(block) {
      const entry = entries[block] ?? UNUSED;
      const span = entry === UNUSED ? null : below.span(entry);
      return span && { offset: span.offset, length: Math.min(span.length, blockSize) };
    },
  };
}

/** The latest table: the last one found from the end of the image backwards (UDF 2.60 2.2.11, 6.10.1); null without. */
export async function findVat(
  source: ByteSource,
  space: Space,
  partition: number,
  partitionOffset: number,
  findings: Findings,
  signal?: AbortSignal,
): Promise<Vat | null> {
  const { blockSize } = space;
  const icbs = new IcbReader(space, new Gather(source), readFileEntry);
  const last = Math.floor(source.size / blockSize) * blockSize;
  const first = Math.max(partitionOffset, last - SEARCHED);
  for (let end = last; end > first;) {
    const start = Math.max(first, end - STEP);
    const window = new Block(await source.read(start, end - start, signal), start);
    for (let at = window.length - blockSize; at >= 0; at -= blockSize) {
      if (!isVatEntry(window, at, blockSize)) continue;
      const block = (start + at - partitionOffset) / blockSize;
      const quiet = new Findings();
      const [entry] = await icbs.read([addressOf(block, partition)], quiet, signal);
      const vat = entry ? await readVat(source, entry, signal) : null;
      if (!vat) continue;
      for (const { severity, code, at: place, spec, detail } of quiet.list) findings.add(severity, code, place, spec, detail);
      if (readTag(window, at).location !== block)
        findings.add(
          'warning',
          'vat-location',
          start + at,
          'UDF 2.60 2.2.11',
          'The virtual allocation table says that it stands in another block; no later one was found.',
        );
      return vat;
    }
    end = start;
  }
  return null;
}

/** Whether a file entry that may be a table's stands here: of type 248, or 0 in UDF 1.50. */
function isVatEntry(window: Block, at: number, blockSize: number): boolean {
  if (!isFileEntry(window, at, blockSize) || !isTag(window, at, window.u16le(at))) return false;
  const type = window.u8(at + 27);
  return type === FILE_TYPES.vat || type === FILE_TYPES.unspecified;
}

async function readVat(source: ByteSource, entry: FileEntry, signal?: AbortSignal): Promise<Vat | null> {
  const { runs } = entry.allocation;
  // What lies past the end of the image is no part of a table; the entries before it are.
  const contents = new RunsSource(source, runs, 'VAT');
  let length = 0;
  for (const run of runs) {
    if (!('offset' in run)) break;
    const there = Math.max(0, Math.min(run.length, source.size - run.offset));
    length += there;
    if (there < run.length) break;
  }
  length = Math.min(length, MAX_TABLE, contents.size);
  if (length < 4) return null;
  const block = new Block(await contents.read(0, length, signal), entry.offset);
  const plain = { offset: entry.offset, label: null, files: null, directories: null };
  if (entry.fileType !== FILE_TYPES.vat) {
    if (length < TRAILER || entityName(block, length - TRAILER) !== '*UDF Virtual Alloc Tbl') return null;
    return { ...plain, previous: placeNamed(block.u32le(length - 4)), entries: readEntries(block, 0, length - TRAILER) };
  }
  const header = block.u16le(0);
  if (length < HEADER || header < HEADER || header > length) return null;
  return {
    offset: entry.offset,
    label: textOfDstring(block.part(4, 128)),
    previous: placeNamed(block.u32le(132)),
    files: block.u32le(136),
    directories: block.u32le(140),
    entries: readEntries(block, header, length),
  };
}

function placeNamed(block: number): number | null {
  return block === UNUSED ? null : block;
}

/**
 * The tables before this one, the newest first, as each names the one before it: states of the disc as
 * it was. They stand ever nearer to the start; one that cannot be read ends the chain (UDF 2.60 2.2.11).
 */
export async function earlierVats(source: ByteSource, space: Space, partition: number, last: Vat, signal?: AbortSignal): Promise<Vat[]> {
  const icbs = new IcbReader(space, new Gather(source), readFileEntry);
  const earlier: Vat[] = [];
  for (let at = last; at.previous !== null && earlier.length < MAX_EARLIER;) {
    const [entry] = await icbs.read([addressOf(at.previous, partition)], new Findings(), signal);
    const vat = entry && entry.offset < at.offset ? await readVat(source, entry, signal) : null;
    if (!vat) break;
    earlier.push(vat);
    at = vat;
  }
  return earlier;
}

function readEntries(block: Block, from: number, to: number): Uint32Array {
  const entries = new Uint32Array(Math.floor((to - from) / 4));
  for (let index = 0; index < entries.length; index++) entries[index] = block.u32le(from + index * 4);
  return entries;
}
