/* eslint-disable svelte/prefer-svelte-reactivity -- counted by #version */
/** Bytes of one block of the cache, and how many blocks are kept: 4 MiB, whatever the size of what is looked at. */
const BLOCK = 32 * 1024;
const MAX_BLOCKS = 128;

/** Windows of something that may be of any size: what is in view is fetched, the latest is kept. */
export class ByteWindow {
  readonly size: number;
  readonly #read: (offset: number, length: number) => Promise<Uint8Array>;
  readonly #blocks = new Map<number, Uint8Array>();
  readonly #wanted = new Set<number>();
  /** Counts what came: rows that read bytes depend on it. */
  #version = $state(0);
  /** Why bytes could not be had, the last time. */
  failure: unknown = $state.raw(null);

  constructor(size: number, read: (offset: number, length: number) => Promise<Uint8Array>) {
    this.size = size;
    this.#read = read;
  }

  /** The byte at an offset; undefined while it is fetched, or beyond the end. */
  at(offset: number): number | undefined {
    void this.#version;
    return this.#blocks.get(Math.floor(offset / BLOCK))?.[offset % BLOCK];
  }

  /** Up to `length` bytes from an offset, as far as they are there. */
  part(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    for (let at = 0; at < bytes.length; at++) {
      const byte = this.at(offset + at);
      if (byte === undefined) return bytes.subarray(0, at);
      bytes[at] = byte;
    }
    return bytes;
  }

  /** Fetch what of a range is not here. */
  want(from: number, to: number): void {
    for (let block = Math.max(0, Math.floor(from / BLOCK)); block * BLOCK < Math.min(to, this.size); block++) {
      if (this.#blocks.has(block) || this.#wanted.has(block)) continue;
      this.#wanted.add(block);
      this.#read(block * BLOCK, Math.min(BLOCK, this.size - block * BLOCK)).then(
        (bytes) => this.#keep(block, bytes),
        (error: unknown) => {
          this.#wanted.delete(block);
          this.failure = error;
        },
      );
    }
  }

  #keep(block: number, bytes: Uint8Array): void {
    this.#wanted.delete(block);
    this.#blocks.set(block, bytes);
    this.failure = null;
    for (const old of this.#blocks.keys()) {
      if (this.#blocks.size <= MAX_BLOCKS) break;
      this.#blocks.delete(old);
    }
    this.#version++;
  }
}
