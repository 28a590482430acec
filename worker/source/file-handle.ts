import { open, type FileHandle } from 'node:fs/promises';
import { SourceError } from '../protocol/errors.ts';
import { checkRange, streamByReads, type ByteSource } from './source.ts';

/** A file on disk for the command line (Node only). */
export class FileHandleSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle, size: number, name: string) {
    this.#handle = handle;
    this.size = size;
    this.name = name;
  }

  /** Open a file; the platform's own error where it cannot be. */
  static async open(path: string, name: string): Promise<FileHandleSource> {
    const handle = await open(path, 'r');
    return new FileHandleSource(handle, (await handle.stat()).size, name);
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    checkRange(this, offset, length);
    signal?.throwIfAborted();
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const { bytesRead } = await this.#handle.read(bytes, done, length - done, offset + done);
      if (bytesRead === 0) throw new SourceError('changed', `“${this.name}” became shorter while it was being read.`, offset + done);
      done += bytesRead;
    }
    return bytes;
  }

  stream(offset: number, length: number, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    return streamByReads(this, offset, length, signal);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
