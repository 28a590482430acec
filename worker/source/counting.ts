import type { ByteSource, Gap } from './source.ts';

/** Counts what is asked of a source: tests assert reads and bytes, the page shows bytes read. */
export class CountingSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  reads = 0;
  bytes = 0;
  readonly #source: ByteSource;
  readonly gaps?: readonly Gap[];
  readonly form2: ByteSource | undefined;
  readonly modified: number | undefined;
  readonly blob?: (offset: number, length: number) => Blob | null;

  constructor(source: ByteSource) {
    this.#source = source;
    this.name = source.name;
    this.size = source.size;
    if (source.gaps) this.gaps = source.gaps;
    this.form2 = source.form2;
    this.modified = source.modified;
    if (source.blob) this.blob = (offset, length) => source.blob?.(offset, length) ?? null;
  }

  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    this.reads++;
    this.bytes += length;
    return this.#source.read(offset, length, signal);
  }

  async *stream(offset: number, length: number, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    this.reads++;
    for await (const chunk of this.#source.stream(offset, length, signal)) {
      this.bytes += chunk.length;
      yield chunk;
    }
  }
}
