import type { Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { SourceError } from '../protocol/errors.ts';
import { checkRange, streamByReads, type ByteSource } from './source.ts';

/** A file on disk for the command line (Node only). */
export class FileHandleSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly #handle: FileHandle;
  readonly #opened: Stats;

  private constructor(handle: FileHandle, opened: Stats, name: string) {
    this.#handle = handle;
    this.#opened = opened;
    this.size = opened.size;
    this.name = name;
  }

  /** Open a file; the platform's own error where it cannot be. */
  static async open(path: string, name: string): Promise<FileHandleSource> {
    const handle = await open(path, 'r');
    return new FileHandleSource(handle, await handle.stat(), name);
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    checkRange(this, offset, length);
    signal?.throwIfAborted();
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const { bytesRead } = await this.#handle.read(bytes, done, length - done, offset + done).catch((error: NodeJS.ErrnoException) => {
        throw new SourceError('unreadable', `“${this.name}” cannot be read (${error.code ?? error.message}).`, offset + done, error);
      });
      if (bytesRead === 0) throw new SourceError('changed', `“${this.name}” became shorter while it was being read.`, offset + done);
      done += bytesRead;
    }
    return bytes;
  }

  stream(offset: number, length: number, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    return streamByReads(this, offset, length, signal);
  }

  /** Throw SourceError where the file was written to since it was opened (a browser refuses such a file itself). */
  async verifyUnchanged(): Promise<void> {
    const { size, mtimeMs, ino } = await this.#handle.stat();
    if (size !== this.#opened.size || mtimeMs !== this.#opened.mtimeMs || ino !== this.#opened.ino)
      throw new SourceError('changed', `“${this.name}” was changed while it was being read.`);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
