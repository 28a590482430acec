import type { EntryId } from '../protocol/entry.ts';

const INITIAL = 64;

/** Where the records of directories stand, in columns: pieces in the order in which they were read. */
export class Places {
  count = 0;
  #directory = new Uint32Array(INITIAL);
  #offset = new Float64Array(INITIAL);
  #length = new Float64Array(INITIAL);

  /** Add a piece; one that the last holds already adds nothing. */
  add(directory: EntryId, offset: number, length: number): void {
    const last = this.count - 1;
    if (last >= 0 && offset >= this.offset(last) && offset + length <= this.offset(last) + this.length(last)) return;
    if (this.count === this.#offset.length) this.#grow();
    this.#directory[this.count] = directory;
    this.#offset[this.count] = offset;
    this.#length[this.count++] = length;
  }

  directory(index: number): EntryId {
    return this.#directory[index] as number;
  }
  /** Absolute offset of a piece. */
  offset(index: number): number {
    return this.#offset[index] as number;
  }
  length(index: number): number {
    return this.#length[index] as number;
  }

  /** Bytes held by the columns. */
  get memory(): number {
    return this.#offset.length * (4 + 8 + 8);
  }

  #grow(): void {
    const [directory, offset, length] = [this.#directory, this.#offset, this.#length];
    const capacity = offset.length * 2;
    (this.#directory = new Uint32Array(capacity)).set(directory);
    (this.#offset = new Float64Array(capacity)).set(offset);
    (this.#length = new Float64Array(capacity)).set(length);
  }
}
