import { Block } from '../../bytes/block.ts';
import {
  decodeZisofsBlock,
  mostStored,
  readPointer,
  readZisofsHeader,
  ZISOFS_HEADER,
  zisofsError,
  type ZisofsHeader,
} from '../../codec/zisofs.ts';
import { checkRange, streamByReads, type ByteSource } from '../../source/source.ts';

/** Block pointers held at once: a page of the table. */
const POINTER_PAGE = 4096;
/** Bytes decoded for one chunk of a stream. */
const CHUNK = 1024 * 1024;

/**
 * The contents of a zisofs or zisofs2 file, of the size that its directory record names, by blocks:
 * any part can be read by the table of block pointers. Pointers must rise inside of the stored bytes,
 * and every block must give exactly its length; else an ImageError for this file alone (zisofs).
 */
export class ZisofsSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly #stored: ByteSource;
  #header: Promise<ZisofsHeader> | null = null;
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
    return streamByReads({ read: (from, count, abort) => this.read(from, Math.min(count, CHUNK), abort) }, offset, length, signal);
  }

  async #open(signal?: AbortSignal): Promise<ZisofsHeader> {
    this.#header ??= this.#readHeader(signal);
    try {
      return await this.#header;
    } catch (error) {
      this.#header = null; // tried again when asked for again
      throw error;
    }
  }

  async #readHeader(signal?: AbortSignal): Promise<ZisofsHeader> {
    const length = Math.min(ZISOFS_HEADER, this.#stored.size);
    const block = new Block(await this.#stored.read(0, length, signal), 0);
    return readZisofsHeader(block, this.size, this.#stored.size, this.name);
  }

  async #block(header: ZisofsHeader, index: number, signal?: AbortSignal): Promise<Uint8Array> {
    if (this.#last?.index === index) return this.#last.bytes;
    const [from, to] = await this.#pointers(header, index, signal);
    const tableEnd = header.table + (header.blocks + 1) * header.pointerSize;
    if (!(from <= to && from >= tableEnd && to <= this.#stored.size))
      throw zisofsError(this.name, `has a block pointer out of place (${from} to ${to} of ${this.#stored.size})`);
    if (to - from > mostStored(header)) throw zisofsError(this.name, `stores ${to - from} bytes for a block of ${header.blockSize}`);
    const length = Math.min(header.blockSize, this.size - index * header.blockSize);
    const stored = from === to ? new Uint8Array(0) : await this.#stored.read(from, to - from, signal);
    this.#last = { index, bytes: decodeZisofsBlock(stored, length, this.name) };
    return this.#last.bytes;
  }

  /** Where a block begins and ends: its own pointer and the next one. */
  async #pointers(header: ZisofsHeader, index: number, signal?: AbortSignal): Promise<readonly [number, number]> {
    const first = Math.floor(index / POINTER_PAGE) * POINTER_PAGE;
    if (this.#page?.first !== first) {
      const count = Math.min(POINTER_PAGE, header.blocks - first) + 1;
      const at = header.table + first * header.pointerSize;
      this.#page = { first, block: new Block(await this.#stored.read(at, count * header.pointerSize, signal), at) };
    }
    const { block } = this.#page;
    return [readPointer(block, header, index - first), readPointer(block, header, index - first + 1)];
  }
}
