import { Block } from '../../bytes/block.ts';
import type { ByteSource } from '../../source/source.ts';
import { WindowCache } from '../../source/window.ts';

/** Bytes of the windows that small structures are read by: descriptors, path tables, roots. */
const NEAR = 256 * 1024;

/** Small reads near each other become one: the first holds the descriptors, and on most discs path tables, root and more. */
export function nearCache(source: ByteSource): ByteSource {
  return new WindowCache(source, NEAR, 8);
}

/** The whole window of that cache that holds an offset inside the image. */
export async function nearWindow(near: ByteSource, offset: number, signal?: AbortSignal): Promise<Block> {
  const start = Math.floor(offset / NEAR) * NEAR;
  return new Block(await near.read(start, Math.min(NEAR, near.size - start), signal), start);
}

const SMALLEST = 64 * 1024;
const USUAL = 1024 * 1024;
const LARGEST = 4 * 1024 * 1024;
/** Once so many bytes of directories are known, windows are large. */
const MANY = 4 * 1024 * 1024;
/** Bytes of windows that are kept: directories placed before their parents cost no second read. */
const KEPT = 16 * 1024 * 1024;

/** A window that is being read before anyone asks for it: null where that fails, for then it is read again when asked for. */
interface Ahead {
  readonly start: number;
  readonly end: number;
  readonly window: Promise<Block | null>;
}

/**
 * Aligned windows of the image for reading directories: the number of reads is what costs, not their
 * size. Windows shrink where directories turn out to lie far apart, and grow where they fill them;
 * then the next one is read while this one is decoded.
 */
export class DirectoryWindows {
  readonly #source: ByteSource;
  #windows: Block[];
  #size = USUAL;
  /** Bytes of the last window, and how many of them were decoded. */
  #last = 0;
  #used = 0;
  #ahead: Ahead | null = null;

  constructor(source: ByteSource, held: readonly Block[]) {
    this.#source = source;
    this.#windows = [...held];
  }

  /** The window that holds this offset, if it is in memory. */
  held(offset: number): Block | null {
    for (let index = this.#windows.length - 1; index >= 0; index--) {
      const window = this.#windows[index] as Block;
      if (offset >= window.base && offset < window.base + window.length) return window;
    }
    return null;
  }

  /** Tell how many bytes of directories were decoded from windows: what the next window's size goes by. */
  use(bytes: number): void {
    this.#used += bytes;
  }

  /** Read the window that holds this offset, which must be inside the image; `known` is the bytes of directories still to come. */
  async load(offset: number, known: number, signal?: AbortSignal): Promise<Block> {
    const filled = this.#last > 0 && this.#used * 2 > this.#last;
    if (filled) this.#size = Math.min(LARGEST, this.#size * 2);
    else if (this.#last > 0 && this.#used * 16 < this.#last) this.#size = Math.max(SMALLEST, this.#size / 2);
    if (known > MANY) this.#size = LARGEST;
    const ahead = this.#ahead;
    this.#ahead = null;
    const begun = ahead && offset >= ahead.start && offset < ahead.end ? await ahead.window : null;
    const window = begun ?? (await this.#read(...this.#extent(offset), signal));
    this.#windows.push(window);
    let kept = 0;
    const first = this.#windows.findLastIndex(({ length }) => (kept += length) > KEPT);
    if (first >= 0) this.#windows = this.#windows.slice(first + 1);
    this.#last = window.length;
    this.#used = 0;
    if (filled) this.#readAhead(window.base + window.length, signal);
    return window;
  }

  /** The aligned window around an offset, without what is in memory. */
  #extent(offset: number): readonly [start: number, end: number] {
    let start = Math.floor(offset / this.#size) * this.#size;
    let end = Math.min(start + this.#size, this.#source.size);
    for (const { base, length } of this.#windows) {
      if (base <= start && base + length > start && base + length <= offset) start = base + length;
      if (base > offset && base < end) end = base;
    }
    return [start, end];
  }

  async #read(start: number, end: number, signal: AbortSignal | undefined): Promise<Block> {
    return new Block(await this.#source.read(start, end - start, signal), start);
  }

  #readAhead(offset: number, signal: AbortSignal | undefined): void {
    if (offset >= this.#source.size || this.held(offset)) return;
    const [start, end] = this.#extent(offset);
    this.#ahead = { start, end, window: this.#read(start, end, signal).catch(() => null) };
  }
}
