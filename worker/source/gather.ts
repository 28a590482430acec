import { Block } from '../bytes/block.ts';
import type { ByteSource } from './source.ts';

/** Takes one wanted range: where it stands in a window, and how much of it the source holds. */
export type Take = (index: number, window: Block, at: number, length: number) => void;

/** Places no farther apart than this are read in one: a read costs as much as so many bytes. */
const GAP = 128 * 1024;
const LARGEST = 4 * 1024 * 1024;
/** Bytes read around few small places, in hope of more: between these bounds, by how much of the last windows was of use. */
const AROUND_LEAST = 16 * 1024;
const AROUND_FIRST = 256 * 1024;
const AROUND_MOST = 1024 * 1024;
/** Bytes of windows that are kept. */
const KEPT = 16 * 1024 * 1024;

/**
 * Scattered small structures in few reads: the places wanted together are sorted and joined where
 * they lie near each other, and the latest windows are kept.
 */
export class Gather {
  /** Called after each read, awaited. */
  onWindow: (() => Promise<void> | void) | null = null;
  readonly #source: ByteSource;
  #windows: Block[];
  #around = AROUND_FIRST;
  #last = 0;
  #used = 0;

  constructor(source: ByteSource, held: readonly Block[] = []) {
    this.#source = source;
    this.#windows = [...held];
  }

  /**
   * Hand out the places at these offsets, in order of place, not of index; `lengths` is that of each or
   * of all. One wholly outside of the source is left out, one partly outside is cut.
   */
  async visit(offsets: ArrayLike<number>, lengths: ArrayLike<number> | number, take: Take, signal?: AbortSignal): Promise<void> {
    const { size } = this.#source;
    const offsetOf = (index: number): number => offsets[index] as number;
    const endOf = (index: number): number => {
      const length = typeof lengths === 'number' ? lengths : (lengths[index] as number);
      return Math.min(size, offsetOf(index) + length);
    };
    const order = inOrder(offsets, size);
    for (let next = 0; next < order.length;) {
      const first = order[next] as number;
      const from = offsetOf(first);
      let end = endOf(first);
      let window = this.#held(from, end);
      let until = next + 1;
      if (!window) {
        for (; until < order.length; until++) {
          const index = order[until] as number;
          const to = Math.max(end, endOf(index));
          if (offsetOf(index) - end > GAP || to - from > LARGEST) break;
          end = to;
        }
        window = await this.#load(from, end, signal);
        await this.onWindow?.();
        signal?.throwIfAborted();
      }
      for (; next < until; next++) {
        const index = order[next] as number;
        const length = endOf(index) - offsetOf(index);
        this.#used += length;
        if (length > 0) take(index, window, offsetOf(index) - window.base, length);
      }
    }
  }

  #held(from: number, to: number): Block | null {
    for (let index = this.#windows.length - 1; index >= 0; index--) {
      const window = this.#windows[index] as Block;
      if (from >= window.base && to <= window.base + window.length) return window;
    }
    return null;
  }

  async #load(from: number, to: number, signal?: AbortSignal): Promise<Block> {
    if (this.#last > 0 && this.#used * 16 < this.#last) this.#around = Math.max(AROUND_LEAST, this.#around / 2);
    else if (this.#used * 2 > this.#last) this.#around = Math.min(AROUND_MOST, this.#around * 2);
    if (this.#last === 0) this.#around = AROUND_FIRST;
    this.#used = 0;
    const around = this.#around;
    let start = Math.floor(from / around) * around;
    const end = Math.min(this.#source.size, Math.ceil(to / around) * around);
    for (const { base, length } of this.#windows)
      if (base <= start && base + length > start && base + length <= from) start = base + length;
    this.#last = end - start;
    const window = new Block(await this.#source.read(start, end - start, signal), start);
    this.#windows.push(window);
    let kept = 0;
    const oldest = this.#windows.findLastIndex(({ length }) => (kept += length) > KEPT);
    if (oldest >= 0) this.#windows = this.#windows.slice(Math.min(oldest + 1, this.#windows.length - 1));
    return window;
  }
}

/** The indices of the offsets that lie in the source, by offset; equal ones by index. */
function inOrder(offsets: ArrayLike<number>, size: number): number[] {
  const order: number[] = [];
  let sorted = true;
  let before = 0;
  for (let index = 0; index < offsets.length; index++) {
    const offset = offsets[index] as number;
    if (!(offset >= 0 && offset < size)) continue;
    if (offset < before) sorted = false;
    before = offset;
    order.push(index);
  }
  if (!sorted) order.sort((a, b) => (offsets[a] as number) - (offsets[b] as number));
  return order;
}
