import type { Block } from '../../bytes/block.ts';
import type { Run } from '../../source/runs.ts';
import { addressOf, addZeros, type Space } from './space.ts';

/** Forms of allocation descriptors (1 is the long one), bits 0-2 of the ICB flags (ECMA-167 4/14.6.8). */
const SHORT = 0;
const EXTENDED = 2;
/** The contents stand in the place of the descriptors. */
const INLINE = 3;

/** Bytes of one descriptor by its form (ECMA-167 4/14.14). */
const SIZES = [8, 16, 20] as const;

/** Kinds of an extent, the top two bits of its length (ECMA-167 4/14.14.1.1). */
const RECORDED = 0;
const CONTINUATION = 3;
const LENGTH_MASK = 0x3fffffff;

/** Where the contents of a file are, built up descriptor by descriptor. */
export class Allocation {
  readonly runs: Run[] = [];
  /** Bytes that the descriptors give to the file so far, no more than it claims. */
  length = 0;
  /** Address of the block where the descriptors go on (ECMA-167 4/12); null at their end. */
  next: number | null = null;
  /** What is wrong with it; null for nothing. */
  problem: string | null = null;
  readonly claimed: number;
  #astray = false;
  readonly #form: number;
  /** What short descriptors count from: the partition that the ICB stands in (ECMA-167 4/14.14.1.2). */
  readonly #partition: number;
  readonly #space: Space;

  constructor(claimed: number, form: number, partition: number, space: Space) {
    this.claimed = claimed;
    this.#form = form;
    this.#partition = partition;
    this.#space = space;
  }

  /** Take the descriptors that stand in `length` bytes at `at`, or the contents themselves. */
  add(block: Block, at: number, length: number): void {
    this.next = null;
    if (this.#form === INLINE) {
      this.length = Math.min(this.claimed, length);
      if (this.length > 0) this.runs.push({ offset: block.base + at, length: this.length });
      return;
    }
    const size = SIZES[this.#form];
    if (size === undefined) {
      this.problem = 'its allocation descriptors are of a form that does not exist';
      return;
    }
    for (const end = at + length; at + size <= end; at += size) {
      const word = block.u32le(at);
      const bytes = word & LENGTH_MASK;
      if (bytes === 0) return;
      const kind = word >>> 30;
      const place = at + (this.#form === EXTENDED ? 12 : 4);
      const number = block.u32le(place);
      const partition = this.#form === SHORT ? this.#partition : block.u16le(place + 4);
      if (kind === CONTINUATION) {
        this.next = addressOf(number, partition);
        return;
      }
      if (this.length === this.claimed) continue; // extents behind the end are room kept for the file (ECMA-167 4/12.1)
      const taken = Math.min(bytes, this.claimed - this.length);
      this.length += taken;
      if (kind !== RECORDED) {
        addZeros(this.runs, taken);
        continue;
      }
      const wrong = this.#space.addRuns(this.runs, partition, number, taken);
      if (wrong === null) continue;
      this.#astray = true;
      this.problem = wrong === 'astray' ? 'part of it is in no partition of the disc' : 'it is in more pieces than are told apart';
      if (wrong === 'scattered') return;
    }
  }

  /** Bytes that the file claims beyond what its descriptors give it, once they are all read. */
  get lacking(): number {
    return this.claimed - this.length;
  }

  /** Whether bytes of the file cannot be had, for whatever is wrong with its descriptors. */
  get isLost(): boolean {
    return this.lacking > 0 || this.#astray;
  }
}
