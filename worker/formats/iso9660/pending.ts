import type { EntryId } from '../../protocol/entry.ts';

/** The size of a directory that no record outside of it tells. */
export const UNKNOWN_SIZE = -1;

/** A directory that is known and not read yet. */
export interface PendingDirectory {
  readonly id: EntryId;
  readonly offset: number;
  /** Bytes by its record; -1 where no record says. */
  readonly size: number;
  readonly depth: number;
  readonly parent: PendingDirectory | null;
  /** Absolute offset of its record. */
  readonly record: number;
  /** Hash of its identifier, to compare with the path table. */
  readonly nameHash: number;
}

/** Directories waiting to be read, nearest to the start of the image first: a heap by place. */
export class PendingDirectories {
  /** Bytes of all that wait. */
  bytes = 0;
  readonly #heap: PendingDirectory[] = [];
  readonly #waiting = new Map<EntryId, PendingDirectory>();

  add(directory: PendingDirectory): void {
    this.#waiting.set(directory.id, directory);
    this.bytes += Math.max(0, directory.size);
    const heap = this.#heap;
    let at = heap.push(directory) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if ((heap[above] as PendingDirectory).offset <= directory.offset) break;
      heap[at] = heap[above] as PendingDirectory;
      at = above;
    }
    heap[at] = directory;
  }

  /** Take one out of order; null where it does not wait. */
  take(id: EntryId): PendingDirectory | null {
    const directory = this.#waiting.get(id) ?? null;
    if (directory) this.#forget(directory);
    return directory; // its place in the heap stays, and is passed over
  }

  next(): PendingDirectory | null {
    for (;;) {
      const first = this.#pop();
      if (!first) return null;
      if (this.#waiting.get(first.id) !== first) continue;
      this.#forget(first);
      return first;
    }
  }

  #forget(directory: PendingDirectory): void {
    this.#waiting.delete(directory.id);
    this.bytes -= Math.max(0, directory.size);
  }

  #pop(): PendingDirectory | null {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last) return null;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && (heap[below + 1] as PendingDirectory).offset < (heap[below] as PendingDirectory).offset) below++;
      if ((heap[below] as PendingDirectory).offset >= last.offset) break;
      heap[at] = heap[below] as PendingDirectory;
      at = below;
    }
    heap[at] = last;
    return first;
  }
}
