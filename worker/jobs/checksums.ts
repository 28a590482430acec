import { SourceError } from '../protocol/errors.ts';
import type { Checksums } from '../protocol/study.ts';
import { FourSums } from '../extract/four-sums.ts';
import type { ByteSource } from '../source/source.ts';

/** A piece of the contents, or that there are no more. */
export type SumJob = Uint8Array<ArrayBuffer> | 'finish';
/** What the worker that sums says: how many bytes it took (0: it is ready), the sums, or why there are none. */
export type SumAnswer = { readonly taken: number } | { readonly sums: Checksums } | { readonly failed: string };

/** Pieces under way at once: one is summed while the next is read. */
const AHEAD = 2;

interface Summing {
  update(bytes: Uint8Array): Promise<void> | void;
  finish(): Promise<Checksums> | Checksums;
  close?(): void;
}

/** The checksums of contents in one pass; `onProgress` is told of bytes. Lists are answered meanwhile: a worker of its own sums. */
export async function checksumsOf(
  source: ByteSource,
  start: () => Worker,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<Checksums> {
  const summing = await open(start);
  const end = (): void => summing.close?.();
  signal.addEventListener('abort', end, { once: true });
  try {
    let done = 0;
    for await (const chunk of source.stream(0, source.size, signal)) {
      await summing.update(chunk);
      signal.throwIfAborted();
      onProgress((done += chunk.length));
    }
    return await summing.finish();
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}

/** A worker that sums; this thread where none is to be had. */
async function open(start: () => Worker): Promise<Summing> {
  let worker: Worker;
  try {
    worker = start();
  } catch {
    return FourSums.begin();
  }
  const line = new SumLine(worker);
  return (await line.ready) ? line : FourSums.begin();
}

class SumLine implements Summing {
  readonly #worker: Worker;
  /** Resolves true when the worker takes pieces, false where it never will. */
  readonly ready: Promise<boolean>;
  #waiting: { readonly resolve: (sums: Checksums | null) => void; readonly reject: (error: Error) => void }[] = [];
  #under: Promise<unknown>[] = [];

  constructor(worker: Worker) {
    this.#worker = worker;
    this.ready = new Promise((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<SumAnswer>) => {
        if ('taken' in data && data.taken === 0) resolve(true);
        else if ('failed' in data) {
          resolve(false);
          this.#fail(new SourceError('unreadable', `Summing failed: ${data.failed}`));
        } else this.#waiting.shift()?.resolve('sums' in data ? data.sums : null);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        resolve(false);
        this.#fail(new SourceError('unreadable', 'The browser ended a worker. Try it again.'));
      };
    });
  }

  async update(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    if (this.#under.length >= AHEAD) await this.#under.shift();
    // The source may use its buffer again.
    const piece = new Uint8Array(bytes);
    const taken = this.#ask(piece, [piece.buffer]);
    taken.catch(() => undefined); // heard of when it is waited for
    this.#under.push(taken);
  }

  async finish(): Promise<Checksums> {
    await Promise.all(this.#under);
    return (await this.#ask('finish')) as Checksums;
  }

  close(): void {
    this.#worker.terminate();
    this.#fail(new DOMException('The sums are not wanted any more.', 'AbortError'));
  }

  #ask(job: SumJob, transfer: Transferable[] = []): Promise<Checksums | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(job, transfer);
    });
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
