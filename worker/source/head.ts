import { ImageError } from '../protocol/errors.ts';
import type { ByteSource, Gap } from './source.ts';

/** Bytes that are kept: descriptors, and on most discs the path tables, the root and the boot catalog. */
export const HEAD_SIZE = 256 * 1024;

/**
 * A source whose beginning is read once and kept: recognising and opening look at it again and again,
 * and a read costs about 1 ms in a browser whatever its size.
 */
export class HeadSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly gaps?: readonly Gap[];
  readonly form2: ByteSource | undefined;
  readonly modified: number | undefined;
  readonly blob?: (offset: number, length: number) => Blob | null;
  readonly #source: ByteSource;
  /** Bytes of the beginning that are, or will be, kept. */
  #kept: number;
  #head: Promise<Uint8Array> | null = null;

  constructor(source: ByteSource) {
    this.#source = source;
    this.name = source.name;
    this.size = source.size;
    this.#kept = Math.min(HEAD_SIZE, source.size);
    if (source.gaps) this.gaps = source.gaps;
    this.form2 = source.form2;
    this.modified = source.modified;
    if (source.blob) this.blob = (offset, length) => source.blob?.(offset, length) ?? null;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    if (offset < 0 || length < 0 || offset + length > this.#kept) return this.#source.read(offset, length, signal);
    signal?.throwIfAborted();
    // Shared by all who ask for it: so no one's cancel may end it.
    this.#head ??= this.#source.read(0, this.#kept);
    try {
      return (await this.#head).subarray(offset, offset + length);
    } catch (error) {
      this.#head = null; // tried again when asked for again
      if (!(error instanceof ImageError)) throw error;
      // A damaged part of it hides none of the rest; what cannot be read at once is not tried so again.
      this.#kept = 0;
      return this.#source.read(offset, length, signal);
    }
  }

  stream(offset: number, length: number, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    return this.#source.stream(offset, length, signal);
  }
}
