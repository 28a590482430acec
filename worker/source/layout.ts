import { checkRange, STREAM_CHUNK, type ByteSource, type Gap } from './source.ts';

/**
 * One piece of a layout, or the part of it that lies in a range. Bytes are put into a buffer by `put`; `tag`: what they are
 * made for, when they are read.
 */
export type Piece =
  | { readonly kind: 'bytes'; readonly length: number; readonly put: (into: Uint8Array, at: number) => void; readonly tag: number | null }
  | { readonly kind: 'zeros'; readonly length: number }
  | { readonly kind: 'source'; readonly length: number; readonly source: ByteSource; readonly offset: number };

const ZEROS = 0;
const BYTES = 1;
const MADE = 2;
const FIRST_SOURCE = 3;
const INITIAL_PIECES = 64;

/** Writes the bytes of a piece added by `addMade` into a buffer, and returns how many they are: the same at every call. */
export type Make = (tag: number, into: Uint8Array, at: number) => number;

/**
 * Bytes to come, as pieces in order: bytes, zeros, parts of sources, and bytes made when they are
 * read (headers of a million members need no memory). 20 bytes a piece. Itself a source: it can be
 * saved, streamed, hashed or opened.
 */
export class Layout implements ByteSource {
  readonly name: string;
  size = 0;
  /** How many pieces; neighbours that continue each other are one. */
  count = 0;
  readonly gaps: Gap[] = [];
  form2?: ByteSource;
  readonly #make: Make;
  readonly #sources: ByteSource[] = [];
  readonly #indices = new Map<ByteSource, number>();
  readonly #bytes: Uint8Array[] = [];
  #start = new Float64Array(INITIAL_PIECES);
  /** Offset in the source, index of the bytes, or tag. */
  #at = new Float64Array(INITIAL_PIECES);
  #kind = new Uint32Array(INITIAL_PIECES);

  constructor(name: string, make: Make = () => 0) {
    this.name = name;
    this.#make = make;
  }

  addBytes(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#bytes.push(bytes);
    this.#append(BYTES, this.#bytes.length - 1, bytes.length);
  }

  addZeros(length: number): void {
    this.#append(ZEROS, 0, length);
  }

  /** Zeros in the place of bytes that belong here and are not to be had. */
  addAbsent(length: number): void {
    if (length > 0) this.gaps.push({ offset: this.size, length });
    this.addZeros(length);
  }

  /** `length` bytes that `make` will write for this tag. */
  addMade(tag: number, length: number): void {
    this.#append(MADE, tag, length);
  }

  addSource(source: ByteSource, offset: number, length: number): void {
    checkRange(source, offset, length);
    let index = this.#indices.get(source);
    if (index === undefined) {
      index = this.#sources.push(source) - 1;
      this.#indices.set(source, index);
    }
    this.#append(FIRST_SOURCE + index, offset, length);
  }

  #append(kind: number, at: number, length: number): void {
    if (length === 0) return;
    const last = this.count - 1;
    const continues =
      last >= 0 &&
      this.#kind[last] === kind &&
      (kind === ZEROS || (kind >= FIRST_SOURCE && (this.#at[last] as number) + this.size - (this.#start[last] as number) === at));
    if (!continues) {
      if (this.count === this.#kind.length) this.#grow();
      this.#start[this.count] = this.size;
      this.#at[this.count] = at;
      this.#kind[this.count++] = kind;
    }
    this.size += length;
  }

  #grow(): void {
    const wider = <T extends Float64Array | Uint32Array>(column: T): T => {
      const copy = new (column.constructor as new (length: number) => T)(column.length * 2);
      copy.set(column);
      return copy;
    };
    this.#start = wider(this.#start);
    this.#at = wider(this.#at);
    this.#kind = wider(this.#kind);
  }

  /** The pieces of a range in order. */
  *pieces(offset = 0, length = this.size - offset): Generator<Piece, void, void> {
    checkRange(this, offset, length);
    const end = offset + length;
    for (let index = this.#find(offset); index < this.count; index++) {
      const start = this.#start[index] as number;
      if (start >= end) return;
      const stop = index + 1 < this.count ? (this.#start[index + 1] as number) : this.size;
      const from = Math.max(offset, start) - start;
      const to = Math.min(end, stop) - start;
      if (to > from) yield this.#piece(index, from, to - from, stop - start);
    }
  }

  /** The piece that holds an offset: the last that starts at or before it. */
  #find(offset: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#start[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #piece(index: number, from: number, length: number, whole: number): Piece {
    const kind = this.#kind[index] as number;
    const at = this.#at[index] as number;
    if (kind === ZEROS) return { kind: 'zeros', length };
    if (kind >= FIRST_SOURCE)
      return { kind: 'source', length, source: this.#sources[kind - FIRST_SOURCE] as ByteSource, offset: at + from };
    if (kind === BYTES) {
      const bytes = (this.#bytes[at] as Uint8Array).subarray(from, from + length);
      return { kind: 'bytes', length, put: (into, to) => into.set(bytes, to), tag: null };
    }
    const put = (into: Uint8Array, to: number): void => {
      const part = length < whole;
      const target = part ? new Uint8Array(whole) : into;
      const made = this.#make(at, target, part ? 0 : to);
      if (made !== whole) throw new RangeError(`piece ${index} was laid out with ${whole} bytes and made with ${made}`);
      if (part) into.set(target.subarray(from, from + length), to);
    };
    return { kind: 'bytes', length, put, tag: at };
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    checkRange(this, offset, length);
    const result = new Uint8Array(length);
    let at = 0;
    for (const piece of this.pieces(offset, length)) {
      if (piece.kind === 'bytes') piece.put(result, at);
      else if (piece.kind === 'source') result.set(await piece.source.read(piece.offset, piece.length, signal), at);
      at += piece.length;
    }
    return result;
  }

  async *stream(offset: number, length: number, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    for (const piece of this.pieces(offset, length)) {
      signal?.throwIfAborted();
      if (piece.kind === 'bytes') yield bytesOf(piece);
      else if (piece.kind === 'source') yield* piece.source.stream(piece.offset, piece.length, signal);
      else for (let done = 0; done < piece.length; done += STREAM_CHUNK) yield new Uint8Array(Math.min(STREAM_CHUNK, piece.length - done));
    }
  }

  blob(offset: number, length: number): Blob | null {
    const parts: BlobPart[] = [];
    for (const piece of this.pieces(offset, length)) {
      if (piece.kind === 'bytes') parts.push(bytesOf(piece));
      else if (piece.kind === 'zeros') parts.push(...zeroBlobs(piece.length));
      else {
        const slice = piece.source.blob?.(piece.offset, piece.length);
        if (!slice) return null;
        parts.push(slice);
      }
    }
    return new Blob(parts, { type: 'application/octet-stream' });
  }
}

function bytesOf(piece: Extract<Piece, { kind: 'bytes' }>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(piece.length);
  piece.put(bytes, 0);
  return bytes;
}

let zeroChunk: Blob | null = null;

/** Zeros as references to one Blob, so that a hole costs no memory. */
export function zeroBlobs(length: number): Blob[] {
  zeroChunk ??= new Blob([new Uint8Array(STREAM_CHUNK)]);
  const blobs: Blob[] = [];
  for (let left = length; left > 0; left -= STREAM_CHUNK) blobs.push(left >= STREAM_CHUNK ? zeroChunk : zeroChunk.slice(0, left));
  return blobs;
}
