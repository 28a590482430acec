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
  #head: Promise<Uint8Array> | null = null;

  constructor(source: ByteSource) {
    this.#source = source;
    this.name = source.name;
    this.size = source.size;
    if (source.gaps) this.gaps = source.gaps;
    this.form2 = source.form2;
    this.modified = source.modified;
    if (source.blob) this.blob = (offset, length) => source.blob?.(offset, length) ?? null;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    if (offset < 0 || length < 0 || offset + length > Math.min(HEAD_SIZE, this.size)) return this.#source.read(offset, length, signal);
    signal?.throwIfAborted();
    // Shared by all who ask for it: so no one's cancel may end it.
    this.#head ??= this.#source.read(0, Math.min(HEAD_SIZE, this.size));
    try {
      return (await this.#head).subarray(offset, offset + length);
    } catch (error) {
      this.#head = null; // tried again when asked for again
      // A damaged part of it hides none of the rest.
      if (error instanceof ImageError) return this.#source.read(offset, length, signal);
      throw error;
    }
  }

  stream(offset: number, length: number, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    return this.#source.stream(offset, length, signal);
  }
}
