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
/** So many directories begin in the largest window where it is worth reading. */
const DENSE = 64;
/** Windows that are read ahead at a time where the places of directories are known: enough to keep the disk busy. */
const AHEAD = 3;

/** A window that is being read before anyone asks for it: null where that fails, for then it is read again when asked for. */
interface Ahead {
  readonly start: number;
  readonly end: number;
  readonly window: Promise<Block | null>;
}

/**
 * Aligned windows of the image for reading directories: the number of reads is what costs, not their
 * size. Windows shrink where directories turn out to lie far apart, and grow where they fill them;
 * then the next one is read while this one is decoded. Where the places of directories are foretold
 * (by a path table), windows are large from the first and several are read ahead; a false prophecy
 * costs these reads, and nothing else.
 */
export class DirectoryWindows {
  readonly #source: ByteSource;
  #windows: Block[];
  #size = USUAL;
  /** Bytes of the last window, and how many of them were decoded. */
  #last = 0;
  #used = 0;
  #ahead: Ahead[] = [];
  /** Absolute offsets of directories, ascending, as far as they are foretold. */
  readonly #places: Float64Array;

  constructor(source: ByteSource, held: readonly Block[], places: Float64Array = new Float64Array(0)) {
    this.#source = source;
    this.#places = places;
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
    const dense = this.#isDense(offset);
    if (known > MANY || dense) this.#size = LARGEST;
    const ahead = this.#ahead.find(({ start, end }) => offset >= start && offset < end);
    let reading = ahead?.window;
    if (!reading) {
      const [start, end] = this.#extent(offset);
      reading = this.#read(start, end, signal);
      if (dense) this.#readForetold(end, signal);
    }
    const window = (await reading) ?? (await this.#read(...this.#extent(offset), signal));
    this.#ahead = this.#ahead.filter((other) => other !== ahead && other.end > window.base);
    this.#windows.push(window);
    let kept = 0;
    const first = this.#windows.findLastIndex(({ length }) => (kept += length) > KEPT);
    if (first >= 0) this.#windows = this.#windows.slice(first + 1);
    this.#last = window.length;
    this.#used = 0;
    const end = window.base + window.length;
    if (dense) this.#readForetold(end, signal);
    else if (filled && end < this.#source.size && !this.held(end)) this.#readAhead(end, signal);
    return window;
  }

  /** Whether directories are foretold to lie close together from here on. */
  #isDense(offset: number): boolean {
    const first = firstFrom(this.#places, offset);
    return (this.#places[first + DENSE - 1] ?? Infinity) < offset + LARGEST;
  }

  /** Keep the next windows coming in which directories are foretold to lie close together. */
  #readForetold(from: number, signal: AbortSignal | undefined): void {
    for (let at = from; this.#ahead.length < AHEAD;) {
      const place = this.#places[firstFrom(this.#places, at)];
      if (place === undefined || !this.#isDense(place)) return;
      const held = this.held(place);
      const coming = this.#ahead.find(({ start, end }) => place >= start && place < end);
      at = held ? held.base + held.length : (coming?.end ?? this.#readAhead(place, signal));
    }
  }

  /** The aligned window around an offset, without what is in memory. */
  #extent(offset: number): readonly [start: number, end: number] {
    let start = Math.floor(offset / this.#size) * this.#size;
    let end = Math.min(start + this.#size, this.#source.size);
    const taken = [
      ...this.#windows.map(({ base, length }) => [base, base + length] as const),
      ...this.#ahead.map((each) => [each.start, each.end] as const),
    ];
    for (const [from, to] of taken) {
      if (from <= start && to > start && to <= offset) start = to;
      if (from > offset && from < end) end = from;
    }
    return [start, end];
  }

  async #read(start: number, end: number, signal: AbortSignal | undefined): Promise<Block> {
    return new Block(await this.#source.read(start, end - start, signal), start);
  }

  /** Begin to read the window around an offset that is not in memory; gives its end. */
  #readAhead(offset: number, signal: AbortSignal | undefined): number {
    const [start, end] = this.#extent(offset);
    this.#ahead.push({ start, end, window: this.#read(start, end, signal).catch(() => null) });
    return end;
  }
}

/** Index of the first of these ascending offsets that is not below `offset`. */
function firstFrom(places: Float64Array, offset: number): number {
  let low = 0;
  for (let high = places.length; low < high;) {
    const middle = (low + high) >> 1;
    if ((places[middle] as number) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
