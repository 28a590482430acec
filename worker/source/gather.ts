import { Block } from '../bytes/block.ts';
import type { ByteSource } from './source.ts';

/** A place that is wanted. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

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

  /** Hand out all ranges, in order of place, not of index; one wholly outside of the source is left out. */
  async visit(ranges: readonly Range[], take: Take, signal?: AbortSignal): Promise<void> {
    const { size } = this.#source;
    const order: number[] = [];
    let sorted = true;
    for (const [index, { offset, length }] of ranges.entries()) {
      if (!(offset >= 0 && offset < size && length > 0)) continue;
      const before = order[order.length - 1];
      if (before !== undefined && (ranges[before] as Range).offset > offset) sorted = false;
      order.push(index);
    }
    if (!sorted) order.sort((a, b) => (ranges[a] as Range).offset - (ranges[b] as Range).offset);
    const endOf = ({ offset, length }: Range): number => Math.min(size, offset + length);
    for (let index = 0; index < order.length;) {
      const first = ranges[order[index] as number] as Range;
      let end = endOf(first);
      const held = this.#held(first.offset, end);
      if (held) {
        this.#take(order[index++] as number, first, held, end, take);
        continue;
      }
      let next = index + 1;
      for (; next < order.length; next++) {
        const range = ranges[order[next] as number] as Range;
        const to = Math.max(end, endOf(range));
        if (range.offset - end > GAP || to - first.offset > LARGEST) break;
        end = to;
      }
      const window = await this.#load(first.offset, end, signal);
      for (; index < next; index++) {
        const range = ranges[order[index] as number] as Range;
        this.#take(order[index] as number, range, window, endOf(range), take);
      }
      await this.onWindow?.();
      signal?.throwIfAborted();
    }
  }

  #take(index: number, range: Range, window: Block, end: number, take: Take): void {
    const length = end - range.offset;
    this.#used += length;
    take(index, window, range.offset - window.base, length);
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
