import type { IHasher } from 'hash-wasm';
import { hasherOf } from '../../../codec/running-sums.ts';
import type { SumName } from '../../../protocol/sums.ts';
import type { ByteSource } from '../../../source/source.ts';

/** A stretch of the image that is summed. */
export interface RangeSum {
  readonly algorithm: SumName;
  readonly offset: number;
  readonly length: number;
  /** Where the sum so far is told too: absolute offsets within the stretch, ascending. */
  readonly marks?: readonly number[];
  /** Bytes that count as spaces, from and to. */
  readonly blank?: readonly [from: number, to: number];
}

/** The sums at a stretch's marks, and at its end. */
export interface RangeAnswer {
  readonly marks: readonly string[];
  readonly sum: string;
}

/** What is not wanted between two stretches is read too where it is no more: a read costs as much. */
const GAP = 1024 * 1024;
/** Stretches that overlap may cost this much more than reading the image once: a few lists of the same files do. */
const MAX_TIMES = 12;
const ROOM = 256 * 1024 * 1024;

/**
 * The sums of many stretches in one pass over the image; null for those that were too much: overlapping ones of a hostile
 * image. `onProgress` is told of bytes read, and of how many.
 */
export async function sumRanges(
  source: ByteSource,
  ranges: readonly RangeSum[],
  onProgress: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<(RangeAnswer | null)[]> {
  const answers = new Array<RangeAnswer | null>(ranges.length).fill(null);
  const order = withinBudget(source, ranges);
  const stretches = joined(order.map((index) => ranges[index] as RangeSum));
  const total = stretches.reduce((sum, { from, to }) => sum + to - from, 0);
  const pool = new HasherPool();
  let done = 0;
  let next = 0;
  for (const { from, to } of stretches) {
    let active: Running[] = [];
    let at = from;
    for await (const chunk of source.stream(from, to - from, signal)) {
      const end = at + chunk.length;
      for (; next < order.length && (ranges[order[next] as number] as RangeSum).offset < end; next++) {
        const index = order[next] as number;
        const range = ranges[index] as RangeSum;
        active.push(new Running(range, await pool.take(range.algorithm), index));
      }
      for (const running of active) running.feed(chunk, at);
      active = active.filter((running) => {
        if (!running.complete) return true;
        answers[running.index] = running.finish();
        pool.give(running.range.algorithm, running.hasher);
        return false;
      });
      at = end;
      onProgress((done += chunk.length), total);
      signal?.throwIfAborted();
    }
  }
  return answers;
}

/** The stretches that lie in the source, in order, as many as may be summed. */
function withinBudget(source: ByteSource, ranges: readonly RangeSum[]): number[] {
  let left = source.size * MAX_TIMES + ROOM;
  const order = Array.from(ranges, (_, index) => index).filter((index) => {
    const { offset, length } = ranges[index] as RangeSum;
    if (!(offset >= 0 && length > 0 && offset + length <= source.size) || length > left) return false;
    left -= length;
    return true;
  });
  return order.sort((a, b) => (ranges[a] as RangeSum).offset - (ranges[b] as RangeSum).offset);
}

/** Stretches in order, joined where they overlap or lie near each other. */
function joined(ranges: readonly RangeSum[]): { from: number; to: number }[] {
  const stretches: { from: number; to: number }[] = [];
  for (const { offset, length } of ranges) {
    const last = stretches.at(-1);
    if (last && offset <= last.to + GAP) last.to = Math.max(last.to, offset + length);
    else stretches.push({ from: offset, to: offset + length });
  }
  return stretches;
}

/** One stretch being summed. */
class Running {
  readonly range: RangeSum;
  readonly hasher: IHasher;
  readonly index: number;
  readonly #marks: string[] = [];
  #at: number;

  constructor(range: RangeSum, hasher: IHasher, index: number) {
    this.range = range;
    this.hasher = hasher;
    this.index = index;
    this.#at = range.offset;
    hasher.init();
  }

  get complete(): boolean {
    return this.#at === this.range.offset + this.range.length;
  }

  /** Take what a chunk, which begins at `base`, has of it. */
  feed(chunk: Uint8Array, base: number): void {
    const { marks = [], offset, length } = this.range;
    const end = Math.min(base + chunk.length, offset + length);
    while (this.#at < end) {
      const mark = marks[this.#marks.length];
      const until = mark !== undefined && mark <= end ? mark : end;
      this.hasher.update(this.#blanked(chunk.subarray(this.#at - base, until - base), this.#at));
      this.#at = until;
      if (until !== mark) continue;
      const state = this.hasher.save();
      this.#marks.push(this.hasher.digest('hex'));
      this.hasher.load(state);
    }
  }

  finish(): RangeAnswer {
    return { marks: this.#marks, sum: this.hasher.digest('hex') };
  }

  #blanked(bytes: Uint8Array, at: number): Uint8Array {
    const [from, to] = this.range.blank ?? [0, 0];
    if (to <= at || from >= at + bytes.length) return bytes;
    return bytes.slice().fill(0x20, Math.max(0, from - at), Math.min(bytes.length, to - at));
  }
}

/** Hashers are made once and used again: an image can have half a million files. */
class HasherPool {
  readonly #idle = new Map<SumName, IHasher[]>();

  async take(algorithm: SumName): Promise<IHasher> {
    return this.#idle.get(algorithm)?.pop() ?? hasherOf(algorithm);
  }

  give(algorithm: SumName, hasher: IHasher): void {
    const idle = this.#idle.get(algorithm) ?? [];
    idle.push(hasher);
    this.#idle.set(algorithm, idle);
  }
}
