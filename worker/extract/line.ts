import { abortError } from '../protocol/errors.ts';

/** A result under way, and what it is once it is there. */
interface Place<T> {
  readonly weight: number;
  done: { readonly value: T } | null;
}

/**
 * Results under way that are taken in the order in which they were put in, whichever is there first; who puts in waits
 * while too much is under way.
 */
export class Line<T> {
  readonly #limit: number;
  readonly #queue: Place<T>[] = [];
  #weight = 0;
  #ended = false;
  #failure: Error | null = null;
  #wake = (): void => undefined;
  #changed = this.#nextChange();

  /** `limit`: weight under way at once; one that is heavier goes alone. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Put in a result; resolves when there is room for the next. */
  async put(weight: number, result: Promise<T>): Promise<void> {
    const place: Place<T> = { weight, done: null };
    this.#queue.push(place);
    result.then(
      (value) => {
        place.done = { value };
        this.#change();
      },
      (error: unknown) => this.fail(error as Error),
    );
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
        if (next?.done) {
          // Taken out before it is given away: nothing here may hold it longer than who takes it does.
          this.#queue.shift();
          yield next.done.value;
          this.#weight -= next.weight;
          this.#change();
        } else if (!next && this.#ended) return;
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
