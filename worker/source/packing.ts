import type { Layout, Piece } from './layout.ts';
import type { ByteSource } from './source.ts';

/** Pieces of a source from this size on leave as slices; smaller ones are packed together. */
export const SLICE_FROM = 256 * 1024;
/** Bytes of one packed part. */
const PART = 4 * 1024 * 1024;
/** Bytes of small pieces that are read together, in the order in which they lie on disc. */
const BATCH = 8 * 1024 * 1024;
/** Bytes of a layout that one group spans, with what leaves as slices. */
const BATCH_SPAN = 64 * 1024 * 1024;
const MAX_BATCH_PARTS = 1024;
/** Neighbours so close are read in one read, of at most this length. */
const GAP = 64 * 1024;
const MAX_READ = 4 * 1024 * 1024;
const READS_IN_FLIGHT = 4;

/** A part of a layout on its way out: bytes ready, or a large piece that is still where it was. */
export type Part = { readonly bytes: Uint8Array<ArrayBuffer> } | Extract<Piece, { kind: 'source' | 'zeros' }>;

/** A small read: the bytes land in `into`. */
export interface SmallRead {
  readonly source: ByteSource;
  readonly offset: number;
  readonly into: Uint8Array;
}

/** Carry out many small reads in few: sorted by place, neighbours together, a few in flight. */
export async function readTogether(reads: readonly SmallRead[], signal?: AbortSignal): Promise<void> {
  const order = new Map<ByteSource, SmallRead[]>();
  for (const read of reads) {
    const list = order.get(read.source);
    if (list) list.push(read);
    else order.set(read.source, [read]);
  }
  const groups: SmallRead[][] = [];
  for (const list of order.values()) {
    list.sort((a, b) => a.offset - b.offset);
    let group: SmallRead[] = [];
    let start = 0;
    let end = 0;
    for (const read of list) {
      const stop = read.offset + read.into.length;
      if (group.length > 0 && read.offset <= end + GAP && Math.max(stop, end) - start <= MAX_READ) {
        group.push(read);
        end = Math.max(end, stop);
      } else {
        group = [read];
        groups.push(group);
        start = read.offset;
        end = stop;
      }
    }
  }
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let group = groups[next++]; group; group = groups[next++]) {
      signal?.throwIfAborted();
      const { source, offset: start } = group[0] as SmallRead;
      let end = start;
      for (const read of group) end = Math.max(end, read.offset + read.into.length);
      const bytes = await source.read(start, end - start, signal);
      for (const read of group) read.into.set(bytes.subarray(read.offset - start, read.offset - start + read.into.length));
    }
  };
  await Promise.all(Array.from({ length: Math.min(READS_IN_FLIGHT, groups.length) }, worker));
}

/** Sums that headers of a layout hold, known only when the contents behind them have been read. */
export interface ContentSums {
  /** The bytes that stand behind the header made for `tag`, on their way through memory. */
  take(tag: number, bytes: Uint8Array): void;
  /** What to wait for before the piece for `tag` can be made; null: nothing any more. */
  ready(tag: number): Promise<void> | null;
  /** Stop summing what has not been asked for. */
  stop(): void;
}

/** Begins summing for a layout whose pieces from `sliceFrom` bytes on do not pass through memory. */
export type Summing = (sliceFrom: number) => ContentSums;

/** How a layout is packed. */
interface Packing {
  readonly sliceFrom: number;
  readonly sums?: ContentSums | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The parts of a layout in order: small pieces read and packed, those of `sliceFrom` bytes and more left as they are. */
export async function* packed(layout: Layout, packing: Packing): AsyncGenerator<Part, void, void> {
  let ahead: Promise<Part[]> | null = null;
  for (const batch of batches(layout, packing.sliceFrom)) {
    const before: Promise<Part[]> | null = ahead;
    // One batch is read while the one before it is written: the reader of the former waits for this one's turn.
    if (before) await before;
    ahead = assembled(batch, packing);
    ahead.catch(() => undefined); // it comes up where this batch is awaited
    if (before) yield* await before;
  }
  if (ahead) yield* await ahead;
}

/** The pieces of a layout in groups: what leaves as it is by itself, small pieces together. */
function* batches(layout: Layout, sliceFrom: number): Generator<(Part | Piece[])[], void, void> {
  let batch: (Part | Piece[])[] = [];
  let small: Piece[] = [];
  let smallBytes = 0;
  let batchBytes = 0;
  let span = 0;
  let previous: Piece | null = null;
  const closeSmall = (): void => {
    if (small.length > 0) batch.push(small);
    small = [];
    smallBytes = 0;
  };
  for (const piece of layout.pieces()) {
    const large = piece.kind !== 'bytes' && piece.length >= sliceFrom;
    // A header and the small piece behind it stay together: the one holds the sum of the other.
    const behindHeader = previous?.kind === 'bytes' && piece.kind === 'source';
    if (large || !behindHeader) {
      if (smallBytes >= PART) closeSmall();
      if (batchBytes >= BATCH || span >= BATCH_SPAN || batch.length >= MAX_BATCH_PARTS) {
        closeSmall();
        yield batch;
        batch = [];
        batchBytes = 0;
        span = 0;
      }
    }
    if (large) {
      closeSmall();
      batch.push(piece);
    } else {
      small.push(piece);
      smallBytes += piece.length;
      batchBytes += piece.length;
    }
    span += piece.length;
    previous = piece;
  }
  closeSmall();
  if (batch.length > 0) yield batch;
}

/** Fill the packed parts of one batch. */
async function assembled(batch: readonly (Part | Piece[])[], { sums, signal }: Packing): Promise<Part[]> {
  signal?.throwIfAborted();
  const reads: SmallRead[] = [];
  const parts = batch.map((part): Part => {
    if (!Array.isArray(part)) return part;
    const bytes = new Uint8Array(part.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of part) {
      if (piece.kind === 'source') reads.push({ source: piece.source, offset: piece.offset, into: bytes.subarray(at, at + piece.length) });
      at += piece.length;
    }
    return { bytes };
  });
  await readTogether(reads, signal);
  for (const [index, part] of batch.entries())
    if (Array.isArray(part)) await fill(part, (parts[index] as { bytes: Uint8Array }).bytes, sums);
  return parts;
}

/** Put what is made into a part whose contents have been read. */
async function fill(pieces: readonly Piece[], bytes: Uint8Array, sums: ContentSums | undefined): Promise<void> {
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    const end = at + piece.length;
    if (piece.kind === 'bytes') {
      if (sums && piece.tag !== null) {
        const next = pieces[index + 1];
        if (next?.kind === 'source') sums.take(piece.tag, bytes.subarray(end, end + next.length));
        const waiting = sums.ready(piece.tag);
        if (waiting) await waiting;
      }
      piece.put(bytes, at);
    }
    at = end;
  }
}
