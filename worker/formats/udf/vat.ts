import { Block } from '../../bytes/block.ts';
import { Gather } from '../../source/gather.ts';
import { RunsSource } from '../../source/runs.ts';
import type { ByteSource } from '../../source/source.ts';
import { Findings } from '../findings.ts';
import { textOfDstring } from './cs0.ts';
import { entityName } from './entity.ts';
import { FILE_TYPES, isFileEntry, readFileEntry, type FileEntry } from './file-entry.ts';
import { IcbReader } from './icb.ts';
import { addressOf, firstAbove, type Partition, type Space } from './space.ts';
import { isTag, readTag } from './tag.ts';

/** How far from its end an image is searched for the table: padding and run-out blocks stand behind it. */
const SEARCHED = 8 * 1024 * 1024;
const STEP = 1024 * 1024;
/** Bytes of the tables of one volume that are read and kept: sixteen million blocks. */
export const MAX_TABLES = 64 * 1024 * 1024;
/** Bytes behind the entries of a 1.50 table: an identifier and the previous table's place (UDF 1.50 2.2.10). */
const TRAILER = 36;
/** Bytes of the header of a 2.00 table, at the least (UDF 2.60 2.2.11). */
const HEADER = 152;
/** Earlier tables that are followed. */
const MAX_EARLIER = 255;
const UNUSED = 0xffffffff;

/** Where a virtual allocation table stands: a state of the disc. */
export interface VatPlace {
  /** Absolute offset of its file entry. */
  readonly offset: number;
  /** Block of the partition below in which that stands. */
  readonly block: number;
  /** Block of the previous table's file entry; null where none is named. */
  readonly previous: number | null;
}

/** What the header of a table says of the logical volume; null where it has none (1.50). */
interface VatHeader {
  readonly label: string | null;
  readonly files: number | null;
  readonly directories: number | null;
}

/** Virtual allocation table (UDF 2.60 2.2.11). */
export interface Vat extends VatHeader {
  /** Absolute offset of its file entry. */
  readonly offset: number;
  /** Block of the partition below for each virtual block. */
  readonly entries: Uint32Array;
}

/** What a table says beside its entries, and where in its contents those stand. */
interface Frame extends VatHeader {
  readonly contents: ByteSource;
  readonly previous: number | null;
  readonly from: number;
  readonly to: number;
}

/** The virtual partition by its table (UDF 2.60 2.2.8). */
export function virtualPartition({ entries }: Vat, below: Partition, blockSize: number): Partition {
  const starts = pieceStarts(entries);
  return {
    span(block) {
      const entry = entries[block] ?? UNUSED;
      const span = entry === UNUSED ? null : below.span(entry);
      if (!span) return null;
      const blocks = (starts[firstAbove(starts, block)] ?? entries.length) - block;
      return { offset: span.offset, length: Math.min(span.length, blocks * blockSize) };
    },
  };
}

/** The virtual blocks that do not stand behind the one before them: where pieces begin, ascending. */
function pieceStarts(entries: Uint32Array): Uint32Array {
  let count = 0;
  for (let block = 0; block < entries.length; block++) if (isStart(entries, block)) count++;
  const starts = new Uint32Array(count);
  for (let block = entries.length - 1; count > 0; block--) if (isStart(entries, block)) starts[--count] = block;
  return starts;
}

function isStart(entries: Uint32Array, block: number): boolean {
  return block === 0 || (entries[block] as number) !== (entries[block - 1] as number) + 1;
}

/** The latest table: the last one found from the end of the image backwards (UDF 2.60 2.2.11, 6.10.1); null without. */
export async function findVat(
  source: ByteSource,
  space: Space,
  partition: number,
  partitionOffset: number,
  findings: Findings,
  signal?: AbortSignal,
): Promise<VatPlace | null> {
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
      const frame = entry && (await readFrame(source, entry, signal));
      if (!entry || !frame) continue;
      for (const { severity, code, at: place, spec, detail } of quiet.list) findings.add(severity, code, place, spec, detail);
      if (readTag(window, at).location !== block)
        findings.add(
          'warning',
          'vat-location',
          start + at,
          'UDF 2.60 2.2.11',
          'The virtual allocation table says that it stands in another block; no later one was found.',
        );
      return { offset: entry.offset, block, previous: frame.previous };
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

/** The header or trailer of the table that a file entry holds; null where it is none. */
async function readFrame(source: ByteSource, entry: FileEntry, signal?: AbortSignal): Promise<Frame | null> {
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
  // A table longer than its image takes the same bytes more than once.
  length = Math.min(length, MAX_TABLES, contents.size, source.size);
  if (entry.fileType !== FILE_TYPES.vat) {
    if (length < TRAILER) return null;
    const trailer = new Block(await contents.read(length - TRAILER, TRAILER, signal), entry.offset);
    if (entityName(trailer, 0) !== '*UDF Virtual Alloc Tbl') return null;
    const previous = placeNamed(trailer.u32le(TRAILER - 4));
    return { contents, previous, label: null, files: null, directories: null, from: 0, to: length - TRAILER };
  }
  if (length < HEADER) return null;
  const header = new Block(await contents.read(0, HEADER, signal), entry.offset);
  const from = header.u16le(0);
  if (from < HEADER || from > length) return null;
  return {
    contents,
    previous: placeNamed(header.u32le(132)),
    label: textOfDstring(header.part(4, 128)),
    files: header.u32le(136),
    directories: header.u32le(140),
    from,
    to: length,
  };
}

function placeNamed(block: number): number | null {
  return block === UNUSED ? null : block;
}

/**
 * The tables before this one, the newest first, as each names the one before it: states of the disc as
 * it was. They stand ever nearer to the start; one that cannot be read ends the chain (UDF 2.60 2.2.11).
 */
export async function earlierVats(
  source: ByteSource,
  space: Space,
  partition: number,
  last: VatPlace,
  signal?: AbortSignal,
): Promise<VatPlace[]> {
  const icbs = new IcbReader(space, new Gather(source), readFileEntry);
  const earlier: VatPlace[] = [];
  for (let at = last; at.previous !== null && earlier.length < MAX_EARLIER;) {
    const block = at.previous;
    const [entry] = await icbs.read([addressOf(block, partition)], new Findings(), signal);
    const frame = entry && entry.offset < at.offset ? await readFrame(source, entry, signal) : null;
    if (!entry || !frame) break;
    at = { offset: entry.offset, block, previous: frame.previous };
    earlier.push(at);
  }
  return earlier;
}

/** The table that stands there, with as many entries as go into `room` bytes. */
export async function readVat(
  source: ByteSource,
  space: Space,
  partition: number,
  { block, offset }: VatPlace,
  room: number,
  signal?: AbortSignal,
): Promise<Vat | null> {
  const icbs = new IcbReader(space, new Gather(source), readFileEntry);
  const [entry] = await icbs.read([addressOf(block, partition)], new Findings(), signal);
  const frame = entry && (await readFrame(source, entry, signal));
  if (!frame) return null;
  const { contents, label, files, directories, from, to } = frame;
  const table = new Block(await contents.read(from, Math.min(to - from, room), signal), offset);
  const entries = new Uint32Array(Math.floor(table.length / 4));
  for (let index = 0; index < entries.length; index++) entries[index] = table.u32le(index * 4);
  return { offset, entries, label, files, directories };
}
