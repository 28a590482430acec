import type { ByteSource } from '../worker/source/source.ts';

/** Streams come in chunks of this many bytes: no multiple of any block. */
const CHUNK = 1999;

/** The same bytes delivered otherwise: each read in a buffer of its own that ends with it, later than asked for, streams in odd chunks. */
export class PiecewiseSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly #source: ByteSource;
  #reads = 0;

  constructor(source: ByteSource) {
    this.#source = source;
    this.name = source.name;
    this.size = source.size;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    const bytes = (await this.#source.read(offset, length, signal)).slice();
    // Of reads that are under way at once, not always the first comes first.
    for (let turn = this.#reads++ % 5; turn > 0; turn--) await Promise.resolve();
    return bytes;
  }

  async *stream(offset: number, length: number, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    for (let done = 0; done < length; done += CHUNK) yield this.read(offset + done, Math.min(CHUNK, length - done), signal);
  }
}
