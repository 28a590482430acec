import type { Layout } from '../source/layout.ts';
import { packed, SLICE_FROM, type Part, type Summing } from '../source/packing.ts';
import { SourceError } from '../protocol/errors.ts';
import type { Sink } from './sink.ts';

/** A file takes Blobs of this size fastest (platform.md 2), and bytes from this size on. */
const BLOB_WRITE = 64 * 1024 * 1024;
const MAX_BLOB_PARTS = 512;
/** Bytes in memory that wait for the Blobs beside them. */
const HELD_BYTES = 8 * 1024 * 1024;
const BYTES_WRITE = 1024 * 1024;
const ZEROS = new Uint8Array(BYTES_WRITE);

export interface WriteOptions {
  readonly signal?: AbortSignal;
  /** Called with the bytes of the layout written so far. */
  readonly onProgress?: (done: number) => void;
  readonly summing?: Summing | undefined;
}

/** Write a layout into a sink, which stays open. */
export async function writeLayout(layout: Layout, sink: Sink, { signal, onProgress, summing }: WriteOptions = {}): Promise<void> {
  const start = sink.size;
  const out = new Collector(sink, () => onProgress?.(sink.size - start));
  const sums = summing?.(SLICE_FROM);
  try {
    await writeParts(packed(layout, { sliceFrom: SLICE_FROM, sums, signal }), out, signal);
  } finally {
    sums?.stop();
  }
  if (sink.size - start !== layout.size) {
    throw new SourceError(
      'changed',
      `${sink.size - start} bytes were written where ${layout.size} were planned: the image was changed on disk.`,
    );
  }
}

async function writeParts(parts: AsyncGenerator<Part, void, void>, out: Collector, signal?: AbortSignal): Promise<void> {
  let next = parts.next();
  for (;;) {
    const { done, value } = await next;
    if (done) break;
    // Small pieces are read while the part before them is written; a failure comes up at the await above.
    next = parts.next();
    next.catch(() => undefined);
    signal?.throwIfAborted();
    await writePart(value, out, signal);
  }
  await out.flush();
}

async function writePart(part: Part, out: Collector, signal?: AbortSignal): Promise<void> {
  if ('bytes' in part) return out.bytes(part.bytes, false);
  if (part.kind === 'zeros') return out.zeros(part.length, signal);
  const { source, offset, length } = part;
  if (out.takesBlobs && source.blob?.(offset, 1)) {
    for (let done = 0; done < length; done += BLOB_WRITE) {
      signal?.throwIfAborted();
      await out.blob(source.blob(offset + done, Math.min(BLOB_WRITE, length - done)) as Blob);
    }
    return;
  }
  for await (const chunk of source.stream(offset, length, signal)) {
    signal?.throwIfAborted();
    await out.bytes(chunk, true);
  }
}

/** Gathers small writes into large ones: Blobs and bytes together where the sink takes Blobs. */
class Collector {
  readonly takesBlobs: boolean;
  readonly #sink: Sink;
  readonly #onWritten: () => void;
  #parts: (Blob | Uint8Array<ArrayBuffer>)[] = [];
  #size = 0;
  /** Those of them that are bytes in memory. */
  #held = 0;
  #hasBlob = false;

  constructor(sink: Sink, onWritten: () => void) {
    this.#sink = sink;
    this.#onWritten = onWritten;
    this.takesBlobs = sink.writeBlob !== undefined;
  }

  /** `borrowed`: the buffer is used again by its owner afterwards. */
  async bytes(bytes: Uint8Array, borrowed: boolean): Promise<void> {
    if (this.#size === 0 && bytes.length >= BYTES_WRITE) {
      await this.#sink.write(bytes);
      this.#onWritten();
      return;
    }
    this.#parts.push((borrowed ? bytes.slice() : bytes) as Uint8Array<ArrayBuffer>);
    this.#size += bytes.length;
    this.#held += bytes.length;
    if (this.#size >= (this.#hasBlob ? BLOB_WRITE : BYTES_WRITE) || this.#held >= HELD_BYTES) await this.flush();
  }

  async blob(blob: Blob): Promise<void> {
    this.#parts.push(blob);
    this.#size += blob.size;
    this.#hasBlob = true;
    if (this.#size >= BLOB_WRITE || this.#parts.length >= MAX_BLOB_PARTS) await this.flush();
  }

  async zeros(length: number, signal?: AbortSignal): Promise<void> {
    await this.flush();
    if (this.#sink.skip) await this.#sink.skip(length);
    else {
      for (let done = 0; done < length; done += ZEROS.length) {
        signal?.throwIfAborted();
        await this.#sink.write(ZEROS.subarray(0, Math.min(ZEROS.length, length - done)));
        this.#onWritten();
      }
    }
    this.#onWritten();
  }

  async flush(): Promise<void> {
    const parts = this.#parts;
    const only = parts[0];
    if (this.#hasBlob) await this.#sink.writeBlob?.(parts.length === 1 && only instanceof Blob ? only : new Blob(parts));
    else if (parts.length === 1) await this.#sink.write(only as Uint8Array);
    else if (parts.length > 1) await this.#sink.write(joined(parts as Uint8Array[], this.#size));
    this.#parts = [];
    this.#size = 0;
    this.#held = 0;
    this.#hasBlob = false;
    this.#onWritten();
  }
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
