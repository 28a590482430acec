import { Unsupported } from '../protocol/errors.ts';
import { zeroBlobs, type Layout } from './layout.ts';
import { packed, SLICE_FROM, type Summing } from './packing.ts';
import { STREAM_CHUNK, type ByteSource } from './source.ts';

/** A Blob of more parts takes minutes to build (50 s for 100,000 in Chromium). */
const MAX_BLOB_PARTS = 100_000;
/** Packed bytes above this make the threshold fall: slices cost time, packed bytes cost memory. */
const MAX_PACKED = 256 * 1024 * 1024;
/** Packed bytes above this make it fall too, while the slices stay few enough to cost next to nothing. */
const GOOD_PACKED = 64 * 1024 * 1024;
const FEW_SLICES = 2000;
/** A Blob of more slices is no help: building it takes 11 s for 20,000 in Chromium, and longer for each one more. */
const MANY_SLICES = 20_000;

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
