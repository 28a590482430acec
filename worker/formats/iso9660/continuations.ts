import { Block } from '../../bytes/block.ts';
import type { ByteSource } from '../../source/source.ts';
import type { Continuation } from './system-use.ts';

/** Areas that are so near each other are read at once. */
const GAP = 64 * 1024;
const MOST_AT_ONCE = 1024 * 1024;
/** Bytes of areas that are read for one tree: as many as its image has, within these. */
const LEAST = 16 * 1024 * 1024;
const MOST = 1024 * 1024 * 1024;
/** What a read of areas costs of these at the least: an area of few bytes that lies alone takes a block. */
const LEAST_READ = 2048;

/** Continuation areas that lie outside of the windows in memory: read together, in order of place (SUSP 5.1). */
export class Continuations {
  readonly #source: ByteSource;
  readonly #held: (offset: number) => Block | null;
  /** In order of place, and apart from each other. */
  #blocks: Block[] = [];
  /** Bytes of areas that may still be read for this tree: areas are not shared, so all of them fit into the image. */
  #left: number;
  /** Told of every area that is used. */
  onArea: ((area: Continuation) => void) | null = null;

  constructor(source: ByteSource, held: (offset: number) => Block | null) {
    this.#source = source;
    this.#held = held;
    this.#left = Math.min(Math.max(source.size, LEAST), MOST);
  }

  /** The bytes of an area where they are at hand, paid for; null where they are not, and where all is spent. */
  readonly find = (area: Continuation): Block | null => {
    const block = this.#atHand(area);
    if (block) this.#left -= area.length;
    if (block) this.onArea?.(area);
    return this.spent ? null : block;
  };

  #atHand({ offset, length }: Continuation): Block | null {
    const window = this.#held(offset);
    if (window && offset + length <= window.base + window.length) return window.slice(offset - window.base, length);
    const block = this.#blocks[this.#lastBlock(offset)];
    return block && offset + length <= block.base + block.length ? block.slice(offset - block.base, length) : null;
  }

  /** Index of the last block that begins at or before an offset; -1. */
  #lastBlock(offset: number): number {
    let low = -1;
    for (let high = this.#blocks.length - 1; low < high;) {
      const middle = (low + high + 1) >> 1;
      if ((this.#blocks[middle] as Block).base <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** True once the areas read for this tree are more than its image can hold. */
  get spent(): boolean {
    return this.#left < 0;
  }

  /** Whether an area lies inside of the image. */
  inside(area: Continuation): boolean {
    return area.offset + area.length <= this.#source.size;
  }

  /** Read these areas, all inside of the image, in place of those before; no more of them than this tree may still read. */
  async load(areas: readonly Continuation[], signal?: AbortSignal): Promise<void> {
    const ordered = [...areas].sort((a, b) => a.offset - b.offset);
    const spans: { from: number; to: number }[] = [];
    for (const { offset, length } of ordered) {
      const last = spans.at(-1);
      if (last && offset - last.to <= GAP && offset + length - last.from <= MOST_AT_ONCE) last.to = Math.max(last.to, offset + length);
      else spans.push({ from: offset, to: offset + length });
    }
    this.#blocks = [];
    for (const { from, to } of spans) {
      this.#left -= LEAST_READ;
      if (this.spent) return;
      this.#blocks.push(new Block(await this.#source.read(from, to - from, signal), from));
    }
  }
}
