import type { EntryId } from './entry.ts';

/** Entries in a column that grows. */
export class EntryIds {
  #ids = new Uint32Array(1024);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(entries: ArrayLike<EntryId>): void {
    const count = this.#count + entries.length;
    if (count > this.#ids.length) {
      const wider = new Uint32Array(Math.max(count, this.#ids.length * 2));
      wider.set(this.#ids);
      this.#ids = wider;
    }
    this.#ids.set(entries, this.#count);
    this.#count = count;
  }

  /** A copy of those from a place on. */
  from(start: number): Uint32Array {
    return this.#ids.slice(start, this.#count);
  }
}
