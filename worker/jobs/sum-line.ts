import { SourceError } from '../protocol/errors.ts';
import { RunningSums, type HashName } from '../codec/running-sums.ts';

type AnySums = Partial<Record<HashName, string>>;

/** Which sums are wanted, a piece of the contents, or that there are no more. */
export type SumJob = { readonly begin: readonly HashName[] } | { readonly piece: Uint8Array<ArrayBuffer> } | { readonly finish: true };
/** What the worker that sums says: how many bytes it took (0: it is ready), the sums, or why there are none. */
export type SumAnswer = { readonly taken: number } | { readonly sums: AnySums } | { readonly failed: string };

/** Pieces under way at once: one is summed while the next is read. */
const AHEAD = 2;

/** Sums under way. `update` may keep the caller waiting, but no piece: its buffer may be used again. */
export interface Summing {
  update(bytes: Uint8Array): Promise<void> | void;
  finish(): Promise<AnySums> | AnySums;
  close?(): void;
}

/** Sums by a worker; on this thread where none is to be had. */
export async function openSumming(start: () => Worker, names: readonly HashName[]): Promise<Summing> {
  let worker: Worker;
  try {
    worker = start();
  } catch {
    return RunningSums.begin(names);
  }
  const line = new SumLine(worker, names);
  return (await line.ready) ? line : RunningSums.begin(names);
}

class SumLine implements Summing {
  readonly #worker: Worker;
  /** Resolves true when the worker takes pieces, false where it never will. */
  readonly ready: Promise<boolean>;
  #waiting: { readonly resolve: (sums: AnySums | null) => void; readonly reject: (error: Error) => void }[] = [];
  #under: Promise<unknown>[] = [];

  constructor(worker: Worker, names: readonly HashName[]) {
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
    worker.postMessage({ begin: names } satisfies SumJob);
  }

  async update(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    if (this.#under.length >= AHEAD) await this.#under.shift();
    const piece = new Uint8Array(bytes);
    const taken = this.#ask({ piece }, [piece.buffer]);
    taken.catch(() => undefined); // heard of when it is waited for
    this.#under.push(taken);
  }

  async finish(): Promise<AnySums> {
    await Promise.all(this.#under);
    return (await this.#ask({ finish: true })) ?? {};
  }

  close(): void {
    this.#worker.terminate();
    this.#fail(new DOMException('The sums are not wanted any more.', 'AbortError'));
  }

  #ask(job: SumJob, transfer: Transferable[] = []): Promise<AnySums | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(job, transfer);
    });
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
