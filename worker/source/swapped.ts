import { checkRange, type ByteSource } from './source.ts';

/** Every two bytes of a source changed places: 16-bit samples in the other byte order. */
export class SwappedSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    this.#source = source;
    this.name = source.name;
    this.size = source.size - (source.size % 2);
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    checkRange(this, offset, length);
    const from = offset - (offset % 2);
    const to = Math.min(this.size, offset + length + ((offset + length) % 2));
    const bytes = (await this.#source.read(from, to - from, signal)).slice();
    swap(bytes);
    return bytes.subarray(offset - from, offset - from + length);
  }

  async *stream(offset: number, length: number, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    const step = 1024 * 1024;
    for (let done = 0; done < length; done += step) yield await this.read(offset + done, Math.min(step, length - done), signal);
  }
}

function swap(bytes: Uint8Array): void {
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const first = bytes[at] as number;
    bytes[at] = bytes[at + 1] as number;
    bytes[at + 1] = first;
  }
}
