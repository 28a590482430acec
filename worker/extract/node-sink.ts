import { randomBytes } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { targetError, type Sink } from './sink.ts';

/** Writes beside the final name and renames when all is there (Node only). */
export class NodeFileSink implements Sink {
  size = 0;
  readonly #path: string;
  readonly #partial: string;
  readonly #file: FileHandle;
  readonly #verify: () => Promise<void>;
  #closed = false;

  private constructor(path: string, partial: string, file: FileHandle, verify: () => Promise<void>) {
    this.#path = path;
    this.#partial = partial;
    this.#file = file;
    this.#verify = verify;
  }

  /** `verify` is asked before the file gets its name, and throws where it must not. */
  static async open(path: string, verify: () => Promise<void> = async () => undefined): Promise<NodeFileSink> {
    // Its own short name: the final one may be as long as the file system allows.
    const partial = join(dirname(path), `.isoscope-${randomBytes(6).toString('hex')}.partial`);
    try {
      return new NodeFileSink(path, partial, await open(partial, 'wx'), verify);
    } catch (error) {
      throw targetError(error, basename(path));
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.patch(this.size, bytes);
    this.size += bytes.length;
  }

  async skip(length: number): Promise<void> {
    this.size += length;
    await this.#guard(this.#file.truncate(this.size));
  }

  async patch(offset: number, bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      done += (await this.#guard(this.#file.write(bytes, done, bytes.length - done, offset + done))).bytesWritten;
    }
  }

  async truncate(size: number): Promise<void> {
    await this.#guard(this.#file.truncate(size));
    this.size = size;
  }

  async close(): Promise<void> {
    await this.#verify();
    this.#closed = true;
    await this.#guard(this.#file.close());
    await this.#guard(rename(this.#partial, this.#path));
  }

  async abort(): Promise<void> {
    const ignore = (): undefined => undefined; // giving up: nothing more can be done about a failure to tidy
    if (!this.#closed) await this.#file.close().catch(ignore);
    await rm(this.#partial, { force: true }).catch(ignore);
  }

  async #guard<T>(step: Promise<T>): Promise<T> {
    try {
      return await step;
    } catch (error) {
      throw targetError(error, basename(this.#path));
    }
  }
}
