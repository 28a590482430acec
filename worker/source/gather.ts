import { Block } from '../bytes/block.ts';
import type { ByteSource } from './source.ts';
import { sweep } from './sweep.ts';

/** Takes one wanted range: where it stands in a window, which is valid only during the call, and how much of it the source holds. */
export type Take = (index: number, window: Block, at: number, length: number) => void;

/** Places no farther apart than this are read in one: a read costs as much as so many bytes. */
const GAP = 128 * 1024;
const LARGEST = 4 * 1024 * 1024;
/** Places that lie together over so many bytes are taken from a stream: no window of them is made or kept. */
const STREAM_FROM = 8 * 1024 * 1024;
/** Bytes read around few small places, in hope of more: between these bounds, by how much of the last windows was of use. */
const AROUND_LEAST = 16 * 1024;
const AROUND_FIRST = 256 * 1024;
const AROUND_MOST = 1024 * 1024;
/** Reads under way at a time: one more than a browser needs to be busy all the while. */
const AT_ONCE = 3;
/** Bytes of windows that are kept. */
const KEPT = 16 * 1024 * 1024;

/** A window that is being read; null where that failed, for then it is read again when its turn comes. */
interface Coming {
  readonly start: number;
  readonly end: number;
  readonly window: Promise<Block | null>;
}

/**
 * Scattered small structures in few reads: the places wanted together are sorted and joined where
 * they lie near each other, the next of these windows are read while one is looked at, and the latest
 * are kept.
 */
export class Gather {
  /** Called after each read, awaited. */
  onWindow: (() => Promise<void> | void) | null = null;
  readonly #source: ByteSource;
  #windows: Block[];
  #coming: Coming[] = [];
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
    /** The places from this one on that are read together: bytes, and the first place behind them. */
    const group = (next: number): { from: number; end: number; until: number } => {
      const from = offsetOf(order[next] as number);
      let end = endOf(order[next] as number);
      let until = next + 1;
      for (; until < order.length; until++) {
        const index = order[until] as number;
        const to = Math.max(end, endOf(index));
        if (offsetOf(index) - end > GAP || to - from > LARGEST) break;
        end = to;
      }
      return { from, end, until };
    };
    /** Where the places end that lie together from this one on; no farther is looked than to tell that they are enough. */
    const stretch = (next: number, enough: number): { end: number; until: number } => {
      const from = offsetOf(order[next] as number);
      let end = from;
      let until = next;
      for (; until < order.length && end - from < enough; until++) {
        const index = order[until] as number;
        if (offsetOf(index) - end > GAP) break;
        end = Math.max(end, endOf(index));
      }
      return { end, until };
    };
    const hand = (index: number, window: Block): void => {
      const length = endOf(index) - offsetOf(index);
      this.#used += length;
      if (length > 0) take(index, window, offsetOf(index) - window.base, length);
    };
    this.#coming = [];
    let begun = 0;
    for (let next = 0; next < order.length;) {
      const first = order[next] as number;
      let window = this.#held(offsetOf(first), endOf(first));
      let until = next + 1;
      if (!window && stretch(next, STREAM_FROM).end - offsetOf(first) >= STREAM_FROM) {
        const { end, until: behind } = stretch(next, Infinity);
        const onChunk = (): Promise<void> | void => this.onWindow?.();
        await sweep(this.#source, { order, offsetOf, endOf }, [next, behind, end], hand, onChunk, signal);
        this.#coming = [];
        next = behind;
        continue;
      }
      if (!window) {
        const wanted = group(next);
        this.#adapt();
        const coming = this.#comingAt(wanted.from, endOf(first)) ?? this.#begin(wanted.from, wanted.end, signal);
        for (begun = Math.max(begun, next); begun < order.length && this.#coming.length < AT_ONCE;) {
          const ahead = group(begun);
          const known = this.#held(ahead.from, ahead.end) ?? this.#comingAt(ahead.from, ahead.end);
          if (!known) this.#begin(ahead.from, ahead.end, signal);
          begun = ahead.until;
        }
        window = this.#keep((await coming.window) ?? (await this.#read(coming.start, coming.end, signal)));
        this.#coming = this.#coming.filter((other) => other !== coming);
        until = next + 1;
        while (until < order.length && endOf(order[until] as number) <= coming.end) until++;
        await this.onWindow?.();
        signal?.throwIfAborted();
      }
      for (; next < until; next++) hand(order[next] as number, window);
    }
  }

  #held(from: number, to: number): Block | null {
    for (let index = this.#windows.length - 1; index >= 0; index--) {
      const window = this.#windows[index] as Block;
      if (from >= window.base && to <= window.base + window.length) return window;
    }
    return null;
  }

  #comingAt(from: number, to: number): Coming | null {
    return this.#coming.find(({ start, end }) => from >= start && to <= end) ?? null;
  }

  /** Begin to read the window around a range. */
  #begin(from: number, to: number, signal?: AbortSignal): Coming {
    const around = this.#around;
    let start = Math.floor(from / around) * around;
    const end = Math.min(this.#source.size, Math.ceil(to / around) * around);
    const taken = [
      ...this.#windows.map(({ base, length }) => [base, base + length] as const),
      ...this.#coming.map((each) => [each.start, each.end] as const),
    ];
    for (const [base, behind] of taken) if (base <= start && behind > start && behind <= from) start = behind;
    const coming = { start, end, window: this.#read(start, end, signal).catch(() => null) };
    this.#coming.push(coming);
    return coming;
  }

  async #read(start: number, end: number, signal?: AbortSignal): Promise<Block> {
    return new Block(await this.#source.read(start, end - start, signal), start);
  }

  /** Read more or less around places, by how much of the last window was of use. */
  #adapt(): void {
    if (this.#used * 16 < this.#last) this.#around = Math.max(AROUND_LEAST, this.#around / 2);
    else if (this.#last > 0 && this.#used * 2 > this.#last) this.#around = Math.min(AROUND_MOST, this.#around * 2);
    this.#used = 0;
  }

  #keep(window: Block): Block {
    this.#last = window.length;
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
