import { abortError, isAbort, SourceError } from '../protocol/errors.ts';
import { checkRange, streamByReads, type ByteSource } from './source.ts';

/** Buffer of the BYOB reader; 1-2 MiB is where Chromium and Firefox are fastest. */
const BYOB_BUFFER = 2 * 1024 * 1024;
/** A stream that delivers nothing for so long is opened again at the same offset. */
const STALL_MS = 15_000;
const MAX_REOPENS = 3;

/**
 * Streams being read. A BYOB stream that only its own pending `read()` refers to is collected by
 * Chromium 156 and the read never resolves: every stream is rooted here until it is done.
 */
const rooted = new Set<ReadableStream<Uint8Array>>();

/** The user's file: bytes are read from disk, range by range, when asked for. */
export class BlobSource implements ByteSource {
  readonly name: string;
  /** Read at once: a file whose size was never looked at and is then removed reads as empty. */
  readonly size: number;
  readonly modified: number | undefined;
  readonly #blob: Blob;

  constructor(blob: Blob, name: string) {
    this.#blob = blob;
    this.name = name;
    this.size = blob.size;
    this.modified = blob instanceof File ? blob.lastModified : undefined;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    checkRange(this, offset, length);
    signal?.throwIfAborted();
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(await this.#blob.slice(offset, offset + length).arrayBuffer());
    } catch (error) {
      throw sourceError(error, this.name, offset);
    }
    signal?.throwIfAborted();
    if (bytes.length !== length) throw shortRead(this.name, offset, bytes.length, length);
    return bytes;
  }

  async *stream(offset: number, length: number, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    checkRange(this, offset, length);
    if (!byteStreams()) {
      yield* streamByReads(this, offset, length, signal);
      return;
    }
    let done = 0;
    let buffer = new ArrayBuffer(Math.min(BYOB_BUFFER, Math.max(length, 1)));
    for (let opens = 0; done < length; opens++) {
      const stream = this.#blob.slice(offset + done, offset + length).stream();
      const reader = stream.getReader({ mode: 'byob' });
      rooted.add(stream);
      try {
        while (done < length) {
          signal?.throwIfAborted();
          const result = await watched(reader.read(new Uint8Array(buffer)), signal);
          if (result === 'stalled') {
            if (opens >= MAX_REOPENS)
              throw new SourceError('stalled', `The browser stopped delivering bytes of “${this.name}”.`, offset + done);
            buffer = new ArrayBuffer(buffer.byteLength);
            break;
          }
          if (result.done) throw shortRead(this.name, offset, done, length);
          done += result.value.length;
          yield result.value;
          buffer = result.value.buffer;
        }
      } catch (error) {
        throw sourceError(error, this.name, offset + done);
      } finally {
        rooted.delete(stream);
        reader.cancel().catch(() => undefined); // closing what is done with: nothing depends on it
      }
    }
  }

  blob(offset: number, length: number): Blob {
    checkRange(this, offset, length);
    return this.#blob.slice(offset, offset + length, 'application/octet-stream');
  }
}

let byteStreamsKnown: boolean | null = null;

/** Whether Blob streams are byte streams here (Chromium, Firefox; not WebKit 2.50). */
function byteStreams(): boolean {
  if (byteStreamsKnown === null) {
    try {
      new Blob(['x']).stream().getReader({ mode: 'byob' }).releaseLock();
      byteStreamsKnown = true;
    } catch {
      byteStreamsKnown = false;
    }
  }
  return byteStreamsKnown;
}

type ByobResult = ReadableStreamReadResult<Uint8Array<ArrayBuffer>>;

/** A read that ends as 'stalled' when nothing comes, and at once when cancelled. */
function watched(read: Promise<ByobResult>, signal: AbortSignal | undefined): Promise<ByobResult | 'stalled'> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve('stalled'), STALL_MS);
    const onAbort = (): void => reject(abortError());
    signal?.addEventListener('abort', onAbort, { once: true });
    read.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    });
  });
}

function shortRead(name: string, offset: number, got: number, wanted: number): SourceError {
  return new SourceError(
    'changed',
    `“${name}” gave ${got} of ${wanted} bytes: it was changed or removed on disk. Choose it again.`,
    offset,
  );
}

/** The platform's error as one of ours: which of them says that the file was changed or removed. */
export function sourceError(error: unknown, name: string, offset: number | null): Error {
  if (error instanceof SourceError || isAbort(error)) return error as Error;
  const kind = error instanceof Error ? error.name : '';
  if (kind === 'NotFoundError')
    return new SourceError('gone', `“${name}” is no longer where it was: it was removed or renamed. Choose it again.`, offset, error);
  if (kind === 'NotAllowedError')
    return new SourceError('denied', `The browser no longer allows reading “${name}”. Choose it again.`, offset, error);
  if (kind === 'NotReadableError' || kind === 'TypeError') {
    return new SourceError('changed', `“${name}” was changed on disk or can no longer be read. Choose it again.`, offset, error);
  }
  return new SourceError(
    'unreadable',
    `“${name}” cannot be read${offset === null ? '' : ` at ${offset}`}: ${String(error)}`,
    offset,
    error,
  );
}
