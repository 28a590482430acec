import { Block } from '../../bytes/block.ts';
import type { ByteSource } from '../../source/source.ts';
import type { Continuation } from './system-use.ts';

/** Areas that are so near each other are read at once. */
const GAP = 64 * 1024;
const MOST_AT_ONCE = 1024 * 1024;
/** Bytes of areas that are read for one tree: as many as its image has, within these. */
const LEAST = 16 * 1024 * 1024;
const MOST = 1024 * 1024 * 1024;

/** Continuation areas that lie outside of the windows in memory: read together, in order of place (SUSP 5.1). */
export class Continuations {
  readonly #source: ByteSource;
  readonly #held: (offset: number) => Block | null;
  #blocks: Block[] = [];
  /** Bytes of areas that may still be read for this tree: areas are not shared, so all of them fit into the image. */
  #left: number;

  constructor(source: ByteSource, held: (offset: number) => Block | null) {
    this.#source = source;
    this.#held = held;
    this.#left = Math.min(Math.max(source.size, LEAST), MOST);
  }

  readonly find = (area: Continuation): Block | null => {
    const window = this.#held(area.offset);
    if (window && area.offset + area.length <= window.base + window.length) return window.slice(area.offset - window.base, area.length);
    for (const block of this.#blocks) {
      if (area.offset >= block.base && area.offset + area.length <= block.base + block.length)
        return block.slice(area.offset - block.base, area.length);
    }
    return null;
  };

  /** True while the areas read for this tree are no more than its image can hold; this one is counted. */
  spend(area: Continuation): boolean {
    this.#left -= area.length;
    return this.#left >= 0;
  }

  /** Whether an area lies inside of the image. */
  inside(area: Continuation): boolean {
    return area.offset + area.length <= this.#source.size;
  }

  /** Forget what was read, before another part of a directory. */
  clear(): void {
    this.#blocks = [];
  }

  /** Read these areas, all inside of the image. */
  async load(areas: readonly Continuation[], signal?: AbortSignal): Promise<void> {
    const ordered = [...areas].sort((a, b) => a.offset - b.offset);
    const spans: { from: number; to: number }[] = [];
    for (const { offset, length } of ordered) {
      const last = spans.at(-1);
      if (last && offset - last.to <= GAP && offset + length - last.from <= MOST_AT_ONCE) last.to = Math.max(last.to, offset + length);
      else spans.push({ from: offset, to: offset + length });
    }
    for (const { from, to } of spans) this.#blocks.push(new Block(await this.#source.read(from, to - from, signal), from));
  }
}
