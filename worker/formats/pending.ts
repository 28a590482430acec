import type { EntryId } from '../protocol/entry.ts';

/** What a directory that waits to be read has to tell. */
export interface Waiting {
  readonly id: EntryId;
  /** Absolute offset of its first byte. */
  readonly offset: number;
  /** Bytes by its record; below 0 where no record says. */
  readonly size: number;
}

/** Directories waiting to be read, nearest to the start of the image first: a heap by place. */
export class Pending<T extends Waiting> {
  /** Bytes of all that wait. */
  bytes = 0;
  readonly #heap: T[] = [];
  readonly #waiting = new Map<EntryId, T>();

  add(directory: T): void {
    this.#waiting.set(directory.id, directory);
    this.bytes += Math.max(0, directory.size);
    const heap = this.#heap;
    let at = heap.push(directory) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if ((heap[above] as T).offset <= directory.offset) break;
      heap[at] = heap[above] as T;
      at = above;
    }
    heap[at] = directory;
  }

  /** Take one out of order; null where it does not wait. */
  take(id: EntryId): T | null {
    const directory = this.#waiting.get(id) ?? null;
    if (directory) this.#forget(directory);
    return directory; // its place in the heap stays, and is passed over
  }

  next(): T | null {
    for (;;) {
      const first = this.#pop();
      if (!first) return null;
      if (this.#waiting.get(first.id) !== first) continue;
      this.#forget(first);
      return first;
    }
  }

  #forget(directory: T): void {
    this.#waiting.delete(directory.id);
    this.bytes -= Math.max(0, directory.size);
  }

  #pop(): T | null {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last) return null;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && (heap[below + 1] as T).offset < (heap[below] as T).offset) below++;
      if ((heap[below] as T).offset >= last.offset) break;
      heap[at] = heap[below] as T;
      at = below;
    }
    heap[at] = last;
    return first;
  }
}
