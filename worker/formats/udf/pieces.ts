/** Pieces of one file that are told apart. */
const MOST_OF_ONE = 1_000_000;
/** Pieces of all files whose entries are in memory together: some 64 MB. */
const MOST_TOGETHER = 1_000_000;
/** Pieces that are looked up in one reading of a tree; a second of work. */
const MOST = 16_000_000;

/**
 * How many pieces of files may still be told apart. Chains of allocation descriptors can be shared, and a descriptor of
 * eight bytes can stand for half a million blocks: what a small image claims is bounded by nothing else.
 */
export class Pieces {
  #together = MOST_TOGETHER;
  #left = MOST;

  /** Begin to read entries that are in memory together, and without those before. */
  begin(): void {
    this.#together = MOST_TOGETHER;
  }

  /** Whether a file of so many pieces may have one more; it is counted then. */
  take(of: number): boolean {
    return of < MOST_OF_ONE && this.#together-- > 0 && this.#left-- > 0;
  }
}
