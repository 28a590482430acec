import type { ByteSource, Gap } from './source.ts';

/** Bytes of one window: a read costs about 1 ms in a browser whatever its size, so reads are large. */
export const WINDOW = 1024 * 1024;

/**
 * Small reads served from large aligned windows, the latest few of which are kept. For scattered
 * metadata: continuation areas, records read again, boot structures.
 */
export class WindowCache implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly gaps?: readonly Gap[];
  readonly form2: ByteSource | undefined;
  readonly #source: ByteSource;
  readonly #windowSize: number;
  readonly #keep: number;
  readonly #windows = new Map<number, Promise<Uint8Array>>();

  constructor(source: ByteSource, windowSize = WINDOW, keep = 16) {
    this.#source = source;
    this.name = source.name;
    this.size = source.size;
    if (source.gaps) this.gaps = source.gaps;
    this.form2 = source.form2;
    this.#windowSize = windowSize;
    this.#keep = keep;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    const first = Math.floor(offset / this.#windowSize);
    const last = Math.floor((offset + Math.max(length, 1) - 1) / this.#windowSize);
    if (length > this.#windowSize || offset + length > this.size || offset < 0) return this.#source.read(offset, length, signal);
    if (first === last) {
      signal?.throwIfAborted();
      const window = await this.#window(first);
      return window.subarray(offset - first * this.#windowSize, offset - first * this.#windowSize + length);
    }
    const bytes = new Uint8Array(length);
    const head = last * this.#windowSize - offset;
    bytes.set(await this.read(offset, head, signal));
    bytes.set(await this.read(offset + head, length - head, signal), head);
    return bytes;
  }

  stream(offset: number, length: number, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    return this.#source.stream(offset, length, signal);
  }

  /** Shared by all who ask for it: so no one's cancel may end it. */
  #window(index: number): Promise<Uint8Array> {
    const known = this.#windows.get(index);
    if (known) {
      this.#windows.delete(index);
      this.#windows.set(index, known);
      return known;
    }
    const start = index * this.#windowSize;
    const window = this.#source.read(start, Math.min(this.#windowSize, this.size - start));
    this.#windows.set(index, window);
    window.catch(() => this.#windows.delete(index)); // a failed read is tried again when asked for again
    if (this.#windows.size > this.#keep) {
      const oldest = this.#windows.keys().next();
      if (!oldest.done) this.#windows.delete(oldest.value);
    }
    return window;
  }
}
