import { abortError } from '../protocol/errors.ts';

/**
 * Results under way that are taken in the order in which they were put in, whichever is there first; who puts in waits
 * while too much is under way.
 */
export class Line<T> {
  readonly #limit: number;
  readonly #queue: { readonly weight: number; readonly result: Promise<T> }[] = [];
  #weight = 0;
  #ended = false;
  #failure: Error | null = null;
  #reject = (_error: Error): void => undefined;
  readonly #failed = new Promise<never>((_, reject) => (this.#reject = reject));
  #wake = (): void => undefined;
  #changed = this.#nextChange();

  /** `limit`: weight under way at once; one that is heavier goes alone. */
  constructor(limit: number) {
    this.#limit = limit;
    this.#failed.catch(() => undefined); // comes up where something is waited for
  }

  /** Put in a result; resolves when there is room for the next. */
  async put(weight: number, result: Promise<T>): Promise<void> {
    result.catch(() => undefined); // comes up where it is taken
    this.#queue.push({ weight, result });
    this.#weight += weight;
    this.#change();
    while (this.#weight >= this.#limit && !this.#failure) await this.#changed;
    if (this.#failure) throw this.#failure;
  }

  /** Nothing more is put in. */
  end(): void {
    this.#ended = true;
    this.#change();
  }

  /** Whoever waits, or comes, meets this. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#reject(this.#failure);
    this.#change();
  }

  /** The results in order; a signal ends the wait for one at once. */
  async *results(signal?: AbortSignal): AsyncGenerator<T, void, void> {
    const cancel = (): void => this.fail(abortError());
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel);
    try {
      for (;;) {
        if (this.#failure) throw this.#failure;
        const next = this.#queue[0];
        if (next) {
          const result = await Promise.race([next.result, this.#failed]);
          this.#queue.shift();
          yield result;
          this.#weight -= next.weight;
          this.#change();
        } else if (this.#ended) return;
        else await this.#changed;
      }
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.fail(abortError());
    }
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  #change(): void {
    const wake = this.#wake;
    this.#changed = this.#nextChange();
    wake();
  }
}
