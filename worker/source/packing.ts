import { Unsupported } from '../protocol/errors.ts';
import { zeroBlobs, type Layout, type Piece } from './layout.ts';
import { STREAM_CHUNK, type ByteSource } from './source.ts';

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
/** A Blob of more parts takes minutes to build (50 s for 100,000 in Chromium). */
const MAX_BLOB_PARTS = 100_000;
/** Packed bytes above this make the threshold fall: slices cost time, packed bytes cost memory. */
const MAX_PACKED = 256 * 1024 * 1024;
/** Packed bytes above this make it fall too, while the slices stay few enough to cost next to nothing. */
const GOOD_PACKED = 64 * 1024 * 1024;
const FEW_SLICES = 2000;
/** A Blob of more slices is no help: building it takes 11 s for 20,000 in Chromium, and longer for each one more. */
const MANY_SLICES = 20_000;

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

export interface PackOptions {
  readonly signal?: AbortSignal;
  /** Bytes that may be computed (decoded) into memory. */
  readonly limit: number;
  /** Called with the bytes of the layout done so far. */
  readonly onProgress?: (done: number) => void;
  readonly summing?: Summing | undefined;
}

/**
 * A layout as a Blob: large pieces as slices of the user's file, small ones packed. Throws
 * Unsupported where more than `limit` bytes would have to be decoded into memory.
 */
export async function packedBlob(layout: Layout, { signal, limit, onProgress, summing }: PackOptions): Promise<Blob> {
  checkComputed(layout, limit);
  const sliceFrom = sliceThreshold(layout);
  const sums = summing?.(sliceFrom);
  const parts: BlobPart[] = [];
  let done = 0;
  try {
    for await (const part of packed(layout, { sliceFrom, sums, signal })) {
      if ('bytes' in part) {
        // A Blob made at once lets the browser move the bytes out of this thread's memory.
        parts.push(new Blob([part.bytes]));
        done += part.bytes.length;
      } else {
        done += part.length;
        if (part.kind === 'zeros') parts.push(...zeroBlobs(part.length));
        else parts.push(...(await sliced(part.source, part.offset, part.length, signal)));
      }
      onProgress?.(done);
    }
  } finally {
    sums?.stop();
  }
  const blob = new Blob(parts, { type: 'application/octet-stream' });
  if (blob.size !== layout.size) throw new RangeError(`a Blob of ${blob.size} bytes was made where ${layout.size} were laid out`);
  return blob;
}

async function sliced(source: ByteSource, offset: number, length: number, signal?: AbortSignal): Promise<Blob[]> {
  const slice = source.blob?.(offset, length);
  if (slice) return [slice];
  const blobs: Blob[] = [];
  for (let done = 0; done < length; done += STREAM_CHUNK) {
    const bytes: Uint8Array[] = [];
    for await (const chunk of source.stream(offset + done, Math.min(STREAM_CHUNK, length - done), signal)) bytes.push(chunk.slice());
    blobs.push(new Blob(bytes as Uint8Array<ArrayBuffer>[]));
  }
  return blobs;
}

/** Throw where the bytes that no slice can give are more than `limit`. */
function checkComputed(layout: Layout, limit: number): void {
  let computed = 0;
  const slices = new Map<ByteSource, boolean>();
  for (const piece of layout.pieces()) {
    if (piece.kind !== 'source') continue;
    let known = slices.get(piece.source);
    if (known === undefined) {
      known = (piece.source.blob?.(piece.offset, 1) ?? null) !== null;
      slices.set(piece.source, known);
    }
    if (!known) computed += piece.length;
  }
  if (computed > limit) throw tooMuch(computed, limit);
}

/** The error where more would have to pass through memory than may. */
export function tooMuch(bytes: number, limit: number): Unsupported {
  const mebibytes = (count: number): string => (count / 1024 / 1024).toFixed(0);
  return new Unsupported(
    'save-in-memory',
    `${mebibytes(bytes)} MiB would have to be decompressed or compressed in memory, and this browser can hold ${mebibytes(limit)} MiB: ` +
      'save fewer files at once, or use a browser that can write into a file (Chrome, Edge).',
  );
}

/** From which size on pieces become slices, so that packed bytes and parts both stay few. */
function sliceThreshold(layout: Layout): number {
  const { from, slices } = blobCost(lengthsOf(layout));
  if (slices * 2 > MAX_BLOB_PARTS) {
    throw new Unsupported(
      'save-in-memory',
      'So many files of this size need a browser that can write into a file (Chrome, Edge): save fewer at once.',
    );
  }
  return from;
}

function* lengthsOf(layout: Layout): Generator<number> {
  for (const piece of layout.pieces()) if (piece.kind !== 'bytes') yield piece.length;
}

/** What a Blob of pieces so long would cost. */
export interface BlobCost {
  /** Pieces from this size on become slices. */
  readonly from: number;
  readonly slices: number;
  /** Bytes of the others, which are held in memory. */
  readonly packed: number;
}

export function blobCost(lengths: Iterable<number>): BlobCost {
  /** Per power of two: bytes and count of the pieces below it. */
  const bytes = new Float64Array(64);
  const counts = new Float64Array(64);
  for (const length of lengths) {
    if (length === 0) continue;
    const power = Math.min(63, Math.floor(Math.log2(length)));
    bytes[power] = (bytes[power] as number) + length;
    counts[power] = (counts[power] as number) + 1;
  }
  const below = Math.log2(SLICE_FROM);
  let packed = bytes.subarray(0, below).reduce((sum, value) => sum + value, 0);
  let slices = counts.subarray(below).reduce((sum, value) => sum + value, 0);
  for (let power = below; ; power--) {
    const more = counts[power - 1] ?? 0;
    const enough = packed <= GOOD_PACKED || (packed <= MAX_PACKED && slices + more > FEW_SLICES);
    if (enough || power === 0 || slices * 2 > MAX_BLOB_PARTS) return { from: 2 ** power, slices, packed };
    packed -= bytes[power - 1] as number;
    slices += more;
  }
}

/** Bytes that a Blob of pieces so long holds in memory, where that is worth a thought; all of them, where it would be of too many slices. */
export function heldByBlob(lengths: Iterable<number>, whole: number): number {
  const { slices, packed } = blobCost(lengths);
  if (slices > MANY_SLICES) return whole;
  return packed > GOOD_PACKED ? packed : 0;
}
