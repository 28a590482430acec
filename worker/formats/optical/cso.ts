import { inflateSync } from 'fflate';
import { Block } from '../../bytes/block.ts';
import { decodeLz4Block } from '../../codec/lz4.ts';
import { ImageError } from '../../protocol/errors.ts';
import { checkRange, type ByteSource } from '../../source/source.ts';

/** Bytes of the header (CSO: format, version 1). */
export const CSO_HEADER = 24;
const ENTRY = 4;
/** The bit of an index entry that says how the block is stored (CSO: index). */
const FLAG = 2 ** 31;
/** Sizes of a block: a sector to what no writer goes beyond. */
const LEAST_BLOCK = 512;
const MOST_BLOCK = 1024 * 1024;
/** What a compressor may add to a block that it cannot shrink, with the padding that the index asks for left out. */
const SLACK = 1024;
/** Index entries read at once. */
const WINDOW = 16 * 1024;
/** Decoded bytes of one piece while streaming. */
const PIECE = 2 * 1024 * 1024;

/** How a block is stored: as it is, by deflate (RFC 1951), or as an LZ4 block. */
type Stored = 'plain' | 'deflate' | 'lz4';

/** What the header says. */
export interface CsoHeader {
  /** `CISO` or `ZISO`: the same but for what a compressed block is compressed by. */
  readonly magic: 'CISO' | 'ZISO';
  readonly version: number;
  /** Bytes of the image inside. */
  readonly size: number;
  readonly blockSize: number;
  readonly blocks: number;
  /** Index entries count in units of 2^shift bytes. */
  readonly shift: number;
}

/** Read the header of a file of `fileSize` bytes; null where it is none, or has no room for the index that it promises (CSO: format). */
export function readCsoHeader(block: Block, fileSize: number): CsoHeader | null {
  if (block.length < CSO_HEADER) return null;
  const magic = String.fromCharCode(...block.bytes.subarray(0, 4));
  if (magic !== 'CISO' && magic !== 'ZISO') return null;
  const size = block.u32le(8) + block.u32le(12) * 2 ** 32;
  const blockSize = block.u32le(16);
  const version = block.u8(20);
  const shift = block.u8(21);
  if (blockSize < LEAST_BLOCK || blockSize > MOST_BLOCK || (blockSize & (blockSize - 1)) !== 0) return null;
  if (version > 2 || (version === 2 && magic === 'ZISO') || shift > 20 || size === 0 || !Number.isSafeInteger(size)) return null;
  const blocks = Math.ceil(size / blockSize);
  if (CSO_HEADER + (blocks + 1) * ENTRY > fileSize) return null;
  return { magic, version, size, blockSize, blocks, shift };
}

/** A run of the index. */
interface Entries {
  readonly first: number;
  readonly block: Block;
}

/** The image that a CSO or ZSO file holds, decoded block by block. A damaged block fails the reads that need it, and no others. */
export class CsoSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly header: CsoHeader;
  readonly #file: ByteSource;
  #entries: Entries | null = null;

  private constructor(file: ByteSource, header: CsoHeader, size: number) {
    this.#file = file;
    this.name = file.name;
    this.header = header;
    this.size = size;
  }

  /** Open a file; null where it is none of these. Of a file that was cut off it gives the blocks that are there whole. */
  static async open(file: ByteSource, signal?: AbortSignal): Promise<CsoSource | null> {
    if (file.size < CSO_HEADER) return null;
    const header = readCsoHeader(new Block(await file.read(0, CSO_HEADER, signal), 0), file.size);
    if (!header) return null;
    const whole = new CsoSource(file, header, header.size);
    const blocks = await whole.#blocksHeld(signal);
    return blocks === header.blocks ? whole : new CsoSource(file, header, blocks * header.blockSize);
  }

  get modified(): number | undefined {
    return this.#file.modified;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    checkRange(this, offset, length);
    if (length === 0) return new Uint8Array(0);
    const { blockSize } = this.header;
    const first = Math.floor(offset / blockSize);
    const bytes = await this.#decoded(first, Math.floor((offset + length - 1) / blockSize) + 1, signal);
    return bytes.subarray(offset - first * blockSize, offset - first * blockSize + length);
  }

  async *stream(offset: number, length: number, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    checkRange(this, offset, length);
    const end = offset + length;
    for (let at = offset; at < end;) {
      // Pieces end where blocks do, so that none is decoded twice.
      const stop = Math.min(end, Math.floor(at / PIECE) * PIECE + PIECE);
      yield await this.read(at, stop - at, signal);
      at = stop;
    }
  }

  /** Blocks up to the first that the file does not hold whole. */
  async #blocksHeld(signal?: AbortSignal): Promise<number> {
    let held = 0;
    let over = this.header.blocks + 1;
    while (over - held > 1) {
      const middle = Math.floor((held + over) / 2);
      if ((await this.#position(middle, signal)).at <= this.#file.size) held = middle;
      else over = middle;
    }
    return held;
  }

  /** Where a block begins in the file, and its flag. */
  async #position(index: number, signal?: AbortSignal): Promise<{ readonly at: number; readonly flag: boolean }> {
    if (!this.#entries || index < this.#entries.first || index >= this.#entries.first + this.#entries.block.length / ENTRY) {
      const first = Math.floor(index / WINDOW) * WINDOW;
      const at = CSO_HEADER + first * ENTRY;
      const count = Math.min(WINDOW, this.header.blocks + 1 - first);
      this.#entries = { first, block: new Block(await this.#file.read(at, count * ENTRY, signal), at) };
    }
    const { first, block } = this.#entries;
    const entry = block.u32le((index - first) * ENTRY);
    return { at: (entry % FLAG) * 2 ** this.header.shift, flag: entry >= FLAG };
  }

  async #decoded(first: number, end: number, signal?: AbortSignal): Promise<Uint8Array> {
    const { blockSize, shift } = this.header;
    const starts: number[] = [];
    const flags: boolean[] = [];
    for (let index = first; index <= end; index++) {
      const { at, flag } = await this.#position(index, signal);
      const before = starts.at(-1) ?? at;
      if (at < before || at - before > blockSize + SLACK + 2 ** shift)
        throw this.#damaged(Math.max(first, index - 1), 'its place in the index cannot be right');
      starts.push(at);
      flags.push(flag);
    }
    const base = starts[0] as number;
    // The last block's padding may be left out.
    const stop = Math.min(starts.at(-1) as number, this.#file.size);
    const stored = await this.#file.read(Math.min(base, stop), Math.max(0, stop - base), signal);
    const bytes = new Uint8Array(Math.min((end - first) * blockSize, this.header.size - first * blockSize));
    for (let index = first; index < end; index++) {
      const at = index - first;
      const from = (starts[at] as number) - base;
      const length = (starts[at + 1] as number) - (starts[at] as number);
      const size = Math.min(blockSize, bytes.length - at * blockSize);
      bytes.set(this.#block(index, stored.subarray(from, from + length), this.#kind(flags[at] as boolean, length), size), at * blockSize);
    }
    return bytes;
  }

  /** How a block of this flag and stored length is stored (CSO: index; ZSO: index). */
  #kind(flag: boolean, length: number): Stored {
    const { magic, version, blockSize } = this.header;
    if (version === 2) return length >= blockSize ? 'plain' : flag ? 'lz4' : 'deflate';
    if (flag) return 'plain';
    return magic === 'ZISO' ? 'lz4' : 'deflate';
  }

  #block(index: number, stored: Uint8Array, kind: Stored, size: number): Uint8Array {
    // The last block may be a full one in spite of what the image needs of it.
    const { blockSize } = this.header;
    let bytes: Uint8Array;
    try {
      if (kind === 'plain') bytes = stored;
      else if (kind === 'lz4') bytes = decodeLz4Block(stored, size, blockSize);
      // One byte more than wanted: fflate stops at the end of a given buffer, and too much must be seen.
      else bytes = inflateSync(stored, { out: new Uint8Array(blockSize + 1) });
    } catch (error) {
      throw this.#damaged(index, error instanceof Error ? error.message : String(error));
    }
    if (bytes.length < size || (kind === 'deflate' && bytes.length > blockSize)) {
      throw this.#damaged(index, `it gives ${bytes.length.toLocaleString('en')} bytes`);
    }
    return bytes.subarray(0, size);
  }

  #damaged(index: number, why: string): ImageError {
    const at = index * this.header.blockSize;
    return new ImageError('cso', `Block ${index.toLocaleString('en')} of “${this.name}” is damaged: ${why}.`, at, 'CSO');
  }
}
