import { unzlibSync } from 'fflate';
import { Block } from '../bytes/block.ts';
import { ImageError } from '../protocol/errors.ts';
import { checkRange, streamByReads, type ByteSource } from '../source/source.ts';

const MAGIC_1 = [0x37, 0xe4, 0x53, 0x96, 0xc9, 0xdb, 0xd6, 0x07] as const;
const MAGIC_2 = [0xef, 0x22, 0x55, 0xa1, 0xbc, 0x1b, 0x95, 0xa0] as const;
/** Exponents of the block size that both versions allow: 32, 64, 128 KiB; libisofs writes 256 KiB to 1 MiB in version 2. */
const LEAST_SHIFT = 15;
const MOST_SHIFT_1 = 17;
const MOST_SHIFT_2 = 20;
const ZLIB = 1;
/** Block pointers held at once: a page of the table. */
const POINTER_PAGE = 4096;

/** The header of a compressed file (zisofs, zisofs2: file header). */
interface Header {
  readonly pointerSize: 4 | 8;
  readonly table: number;
  readonly blockSize: number;
  readonly blocks: number;
}

/**
 * The contents of a zisofs or zisofs2 file, of the size that its directory record names, by blocks:
 * any part can be read by the table of block pointers. Pointers must rise inside of the stored bytes,
 * and every block must give exactly its length; else an ImageError for this file alone.
 */
export class ZisofsSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly #stored: ByteSource;
  #header: Promise<Header> | null = null;
  #page: { first: number; block: Block } | null = null;
  #last: { index: number; bytes: Uint8Array } | null = null;

  constructor(stored: ByteSource, size: number, name: string) {
    this.#stored = stored;
    this.size = size;
    this.name = name;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    checkRange(this, offset, length);
    if (length === 0) return new Uint8Array(0);
    const header = await this.#open(signal);
    const { blockSize } = header;
    const first = Math.floor(offset / blockSize);
    const last = Math.floor((offset + length - 1) / blockSize);
    if (first === last) {
      const bytes = await this.#block(header, first, signal);
      return bytes.subarray(offset - first * blockSize, offset - first * blockSize + length);
    }
    const out = new Uint8Array(length);
    for (let index = first; index <= last; index++) {
      const bytes = await this.#block(header, index, signal);
      const start = index * blockSize;
      const from = Math.max(offset, start);
      out.set(bytes.subarray(from - start, Math.min(offset + length - start, bytes.length)), from - offset);
    }
    return out;
  }

  stream(offset: number, length: number, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    checkRange(this, offset, length);
    return streamByReads({ read: (from, count, abort) => this.read(from, Math.min(count, 1024 * 1024), abort) }, offset, length, signal);
  }

  #open(signal?: AbortSignal): Promise<Header> {
    if (!this.#header) {
      this.#header = this.#readHeader(signal);
      this.#header.catch(() => (this.#header = null));
    }
    return this.#header;
  }

  async #readHeader(signal?: AbortSignal): Promise<Header> {
    const length = Math.min(24, this.#stored.size);
    const block = new Block(await this.#stored.read(0, length, signal), 0);
    const starts = (magic: readonly number[]): boolean => magic.every((byte, at) => block.bytes[at] === byte);
    let header: Header;
    let size: number;
    if (length >= 16 && starts(MAGIC_1)) {
      size = block.u32le(8);
      header = this.#layout(4, block.u8(12) * 4, block.u8(13), MOST_SHIFT_1);
    } else if (length >= 24 && starts(MAGIC_2)) {
      if (block.u8(10) !== ZLIB) throw this.#bad(`is compressed by algorithm ${block.u8(10)}, which is not read`);
      size = block.u32le(12) + block.u32le(16) * 2 ** 32;
      header = this.#layout(8, block.u8(9) * 4, block.u8(11), MOST_SHIFT_2);
    } else throw this.#bad('is marked as compressed, but does not begin as such a file does');
    if (size !== this.size) throw this.#bad(`is ${this.size} bytes long by its record and ${size} by its own header`);
    return header;
  }

  #layout(pointerSize: 4 | 8, table: number, shift: number, mostShift: number): Header {
    if (shift < LEAST_SHIFT || shift > mostShift) throw this.#bad(`has blocks of 2^${shift} bytes`);
    if (table < (pointerSize === 4 ? 16 : 24)) throw this.#bad(`has a header of ${table} bytes`);
    const blockSize = 2 ** shift;
    const blocks = Math.ceil(this.size / blockSize);
    // A table that does not fit proves the size a lie before anything is allocated for it.
    if (table + (blocks + 1) * pointerSize > this.#stored.size)
      throw this.#bad(`promises ${this.size} bytes, and its ${this.#stored.size} stored ones have no room for their pointers`);
    return { pointerSize, table, blockSize, blocks };
  }

  async #block(header: Header, index: number, signal?: AbortSignal): Promise<Uint8Array> {
    if (this.#last?.index === index) return this.#last.bytes;
    const [from, to] = await this.#pointers(header, index, signal);
    const tableEnd = header.table + (header.blocks + 1) * header.pointerSize;
    if (!(from <= to && from >= tableEnd && to <= this.#stored.size))
      throw this.#bad(`has a block pointer out of place (${from} to ${to} of ${this.#stored.size})`);
    const length = Math.min(header.blockSize, this.size - index * header.blockSize);
    let bytes: Uint8Array = new Uint8Array(0);
    // Two equal pointers are a block of zeros (zisofs: special case).
    if (from === to) bytes = new Uint8Array(length);
    // zlib never doubles its input: more stored bytes than that are no block.
    else if (to - from > header.blockSize * 2 + 1024) throw this.#bad(`stores ${to - from} bytes for a block of ${header.blockSize}`);
    else {
      const stored = await this.#stored.read(from, to - from, signal);
      try {
        // One byte more than wanted: fflate stops at the end of a given buffer, and too much must be seen.
        bytes = unzlibSync(stored, { out: new Uint8Array(length + 1) });
      } catch (error) {
        throw this.#bad(`has a damaged block at ${index * header.blockSize} (${error instanceof Error ? error.message : String(error)})`);
      }
      if (bytes.length === length && adler32(bytes) !== new Block(stored, 0).u32be(stored.length - 4))
        throw this.#bad(`has a block at ${index * header.blockSize} whose checksum is wrong`);
      if (bytes.length !== length) throw this.#bad(`has a block at ${index * header.blockSize} that does not give its ${length} bytes`);
    }
    this.#last = { index, bytes };
    return bytes;
  }

  async #pointers(header: Header, index: number, signal?: AbortSignal): Promise<[number, number]> {
    const first = Math.floor(index / POINTER_PAGE) * POINTER_PAGE;
    if (this.#page?.first !== first) {
      const count = Math.min(POINTER_PAGE, header.blocks - first) + 1;
      const at = header.table + first * header.pointerSize;
      this.#page = { first, block: new Block(await this.#stored.read(at, count * header.pointerSize, signal), at) };
    }
    const { block } = this.#page;
    const pointer = (at: number): number =>
      header.pointerSize === 4 ? block.u32le(at * 4) : block.u32le(at * 8) + block.u32le(at * 8 + 4) * 2 ** 32;
    return [pointer(index - first), pointer(index - first + 1)];
  }

  #bad(what: string): ImageError {
    return new ImageError('zisofs', `“${this.name}” ${what}.`, null, 'zisofs');
  }
}

/** Bytes after which the sums of Adler-32 have to be reduced (RFC 1950 9). */
const ADLER_RUN = 3800;

/** The checksum behind a zlib stream, which fflate passes over (RFC 1950 8.2). */
function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (let at = 0; at < bytes.length;) {
    for (const end = Math.min(at + ADLER_RUN, bytes.length); at < end; at++) {
      low += bytes[at] as number;
      high += low;
    }
    low %= 65521;
    high %= 65521;
  }
  return high * 65536 + low;
}
