import { isAbort, SourceError } from '../protocol/errors.ts';
import { sourceError } from '../source/blob.ts';
import { tooMuch } from '../source/packed-blob.ts';

/** Something that bytes are written into, in order. Where it has `patch` and `truncate`, what was written can still be mended. */
export interface Sink {
  /** Bytes written so far: where the next ones go. */
  readonly size: number;
  /** Append; the buffer is the caller's again when this resolves. */
  write(bytes: Uint8Array): Promise<void>;
  /** Append a Blob whose bytes need not come here. */
  writeBlob?(blob: Blob): Promise<void>;
  /** Append zeros as a hole. */
  skip?(length: number): Promise<void>;
  /** Write over bytes that are already there. */
  patch?(offset: number, bytes: Uint8Array): Promise<void>;
  /** Drop what was written from `size` on. */
  truncate?(size: number): Promise<void>;
  /** Everything is written: only after this does it exist under its name. */
  close(): Promise<void>;
  /** Give up: leave nothing behind. Never throws. */
  abort(): Promise<void>;
}

/** Open a sink, fill it, close it; whatever fails, nothing is left under the final name. */
export async function withSink<T>(open: () => Promise<Sink>, fill: (sink: Sink) => Promise<T>): Promise<T> {
  const sink = await open();
  try {
    const result = await fill(sink);
    await sink.close();
    return result;
  } catch (error) {
    await sink.abort();
    throw error;
  }
}

/** The image gave other bytes than when it was measured. */
export function changedWhileSaved(path: string): SourceError {
  return new SourceError('changed', `“${path}” has other bytes than a moment ago: the image was changed on disk. Choose it again.`);
}

/** The platform's error while writing as one of ours. */
export function targetError(error: unknown, name: string): Error {
  if (error instanceof SourceError || isAbort(error)) return error as Error;
  // Node names its errors by `code`; a DOMException has a number there and its name says it.
  const { code, name: kindName } = error instanceof Error ? (error as Error & { code?: unknown }) : { code: '', name: '' };
  const kind = typeof code === 'string' ? code : kindName;
  switch (kind) {
    case 'QuotaExceededError':
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new SourceError('target-full', `There is no room left for “${name}”: make some, or save somewhere else.`, null, error);
    case 'NotAllowedError':
    case 'NoModificationAllowedError':
    case 'SecurityError':
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'EISDIR':
    case 'ENOTDIR':
    case 'EEXIST':
      return new SourceError(
        'target-denied',
        `“${name}” cannot be written there: it is not allowed, or something else uses it.`,
        null,
        error,
      );
    case 'NotFoundError':
    case 'ENOENT':
      return new SourceError('target-gone', `The place to write “${name}” to is no longer there.`, null, error);
    case 'NotReadableError':
      return new SourceError('changed', 'The image was changed on disk or can no longer be read. Choose it again.', null, error);
  }
  return new SourceError('target-refused', `“${name}” could not be written: ${String(error)}`, null, error);
}

/** Not every browser can remove a file by its handle. */
type RemovableHandle = FileSystemFileHandle & { remove?: () => Promise<void> };

/** Milliseconds to wait before each next try: Chromium answers an abort before it has let go of the file. */
const UNTIL_FREE: readonly number[] = [5, 20, 100, 500, 2000];

/** Remove what a write that came to nothing has left, as soon as the platform has let go of it. Never throws. */
export async function removeLeft(remove: () => Promise<void>): Promise<void> {
  for (const wait of [0, ...UNTIL_FREE]) {
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    try {
      return await remove();
    } catch (error) {
      // Gone already, or not to be removed: there is nothing to tidy then.
      if (!(error instanceof Error && error.name === 'NoModificationAllowedError')) return;
    }
  }
}

/** Remove the empty file that a save dialog leaves when nothing comes to be written into it. Never throws. */
export async function removeIfEmpty(handle: RemovableHandle): Promise<void> {
  const left = await handle.getFile().catch(() => undefined); // gone already
  if (left?.size === 0) await removeHandle(handle);
}

const removeHandle = (handle: RemovableHandle): Promise<void> => removeLeft(async () => handle.remove?.());

/** What differs where a file is one of a folder. */
interface FileSinkOptions {
  /** Removes what a write that came to nothing leaves under the name; never throws. */
  readonly tidy?: () => Promise<void>;
  /** Removes what stands under the name, whatever it is; never throws. */
  readonly remove?: () => Promise<void>;
  /** The platform's error as one of ours. */
  readonly toError?: (error: unknown, name: string) => Error;
}

/** Writes into the file that the user chose (File System API); it appears when closed. */
export class FileSink implements Sink {
  size = 0;
  readonly #handle: FileSystemFileHandle;
  readonly #writable: FileSystemWritableFileStream;
  readonly #tidy: () => Promise<void>;
  readonly #remove: () => Promise<void>;
  readonly #toError: (error: unknown, name: string) => Error;

  private constructor(handle: RemovableHandle, writable: FileSystemWritableFileStream, options: FileSinkOptions) {
    this.#handle = handle;
    this.#writable = writable;
    this.#tidy = options.tidy ?? (() => removeIfEmpty(handle));
    this.#remove = options.remove ?? (() => removeHandle(handle));
    this.#toError = options.toError ?? targetError;
  }

  static async open(handle: FileSystemFileHandle, options: FileSinkOptions = {}): Promise<FileSink> {
    try {
      return new FileSink(handle, await handle.createWritable(), options);
    } catch (error) {
      throw (options.toError ?? targetError)(error, handle.name);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#guard(this.#writable.write({ type: 'write', position: this.size, data: bytes as Uint8Array<ArrayBuffer> }));
    this.size += bytes.length;
  }

  async writeBlob(blob: Blob): Promise<void> {
    try {
      await this.#writable.write({ type: 'write', position: this.size, data: blob });
    } catch (error) {
      // Either side may have failed: if the Blob cannot be read, it was the image.
      await readThrough(blob).catch((cause: unknown) => {
        throw sourceError(cause, 'The image', null);
      });
      throw this.#toError(await ofWriting(error, blob.size), this.#handle.name);
    }
    this.size += blob.size;
  }

  async patch(offset: number, bytes: Uint8Array): Promise<void> {
    await this.#guard(this.#writable.write({ type: 'write', position: offset, data: bytes as Uint8Array<ArrayBuffer> }));
  }

  async truncate(size: number): Promise<void> {
    await this.#guard(this.#writable.write({ type: 'truncate', size }));
    this.size = size;
  }

  async close(): Promise<void> {
    await this.#guard(this.#writable.close());
    const written = (await this.#guard(this.#handle.getFile())).size;
    if (written === this.size) return;
    await this.#remove(); // closed, it can no longer be given up
    throw new SourceError('unreadable', `“${this.#handle.name}” has ${written} bytes where ${this.size} were written.`);
  }

  async abort(): Promise<void> {
    await this.#writable.abort().catch(() => undefined); // giving up: nothing more can be done about a failure to tidy
    await this.#tidy();
  }

  async #guard<T>(step: Promise<T>): Promise<T> {
    try {
      return await step;
    } catch (error) {
      throw this.#toError(error, this.#handle.name);
    }
  }
}

/** Read all of a Blob and keep nothing; rejects where it cannot be read. */
async function readThrough(blob: Blob): Promise<void> {
  const step = 4 * 1024 * 1024;
  for (let at = 0; at < blob.size; at += step) await blob.slice(at, at + step).arrayBuffer();
}

/** Chromium may call a write unreadable that was cut off for want of room: what was to be written can be read after all. */
async function ofWriting(error: unknown, size: number): Promise<unknown> {
  if (!(error instanceof Error && error.name === 'NotReadableError')) return error;
  const { quota = Infinity, usage = 0 } = await navigator.storage.estimate().catch((): StorageEstimate => ({})); // not to be told everywhere
  return new DOMException(error.message, usage + size > quota ? 'QuotaExceededError' : 'UnknownError');
}

/** Passes bytes on to a sink and sums them up on the way. */
export class SummingSink implements Sink {
  readonly #sink: Sink;
  readonly #crc: { update(bytes: Uint8Array): void };

  constructor(sink: Sink, crc: { update(bytes: Uint8Array): void }) {
    this.#sink = sink;
    this.#crc = crc;
  }

  get size(): number {
    return this.#sink.size;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#crc.update(bytes);
    await this.#sink.write(bytes);
  }

  /** What was summed up cannot be taken back. */
  async patch(): Promise<void> {
    throw new RangeError('bytes that were summed up are not mended');
  }

  async truncate(): Promise<void> {
    await this.patch();
  }

  close(): Promise<void> {
    return this.#sink.close();
  }

  abort(): Promise<void> {
    return this.#sink.abort();
  }
}

const CHUNK = 4 * 1024 * 1024;

/** Writes into memory, up to a limit: where no file can be written. `blob` holds the result once closed. */
export class MemorySink implements Sink {
  size = 0;
  blob: Blob | null = null;
  readonly #limit: number;
  #chunks: Uint8Array<ArrayBuffer>[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.size + bytes.length > this.#limit) throw tooMuch(this.size + bytes.length, this.#limit);
    const end = this.size + bytes.length;
    while (this.#chunks.length * CHUNK < end) this.#chunks.push(new Uint8Array(CHUNK));
    await this.patch(this.size, bytes);
    this.size = end;
  }

  async patch(offset: number, bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const chunk = this.#chunks[Math.floor((offset + done) / CHUNK)] as Uint8Array;
      const at = (offset + done) % CHUNK;
      const length = Math.min(bytes.length - done, CHUNK - at);
      chunk.set(bytes.subarray(done, done + length), at);
      done += length;
    }
  }

  async truncate(size: number): Promise<void> {
    this.size = size;
    this.#chunks.length = Math.ceil(size / CHUNK);
  }

  async close(): Promise<void> {
    const parts = this.#chunks.map((chunk, index) => chunk.subarray(0, Math.min(CHUNK, this.size - index * CHUNK)));
    this.blob = new Blob(parts, { type: 'application/octet-stream' });
    this.#chunks = [];
  }

  async abort(): Promise<void> {
    this.#chunks = [];
  }
}
