/**
 * Work of which a limited number is under way at once. The first failure, or the signal from outside, stops the
 * rest: the signals they were given abort, and `start` and `settled` throw it. Whoever makes one ends it by `stop`.
 */
export class InFlight {
  readonly #limit: number;
  readonly #maxWeight: number;
  readonly #running = new Map<Promise<void>, AbortController>();
  readonly #outer: AbortSignal | undefined;
  #weight = 0;
  #failure: { readonly error: unknown } | null = null;

  /** At most `limit` at once, and no more than one where their weights come to more than `maxWeight`. */
  constructor(limit: number, maxWeight: number, signal?: AbortSignal) {
    this.#limit = limit;
    this.#maxWeight = maxWeight;
    this.#outer = signal;
    signal?.addEventListener('abort', this.#onOuterAbort);
  }

  /** Begin a piece of work as soon as there is room for it. */
  async start(weight: number, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#check();
    while (this.#running.size > 0 && (this.#running.size >= this.#limit || this.#weight + weight > this.#maxWeight)) {
      await Promise.race(this.#running.keys());
      this.#check();
    }
    this.#weight += weight;
    const controller = new AbortController();
    const running: Promise<void> = work(controller.signal)
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#weight -= weight;
        this.#running.delete(running);
      });
    this.#running.set(running, controller);
  }

  /** Until all that was begun has ended; throws what failed first. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.keys());
    this.#check();
  }

  /** Stop what is under way and wait for it, without throwing. */
  async stop(): Promise<void> {
    this.#outer?.removeEventListener('abort', this.#onOuterAbort);
    this.#abort();
    while (this.#running.size > 0) await Promise.all(this.#running.keys());
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#abort();
  }

  #check(): void {
    if (this.#failure) throw this.#failure.error;
    this.#outer?.throwIfAborted();
  }

  readonly #onOuterAbort = (): void => this.#abort(this.#outer?.reason);

  #abort(reason?: unknown): void {
    for (const controller of this.#running.values()) controller.abort(reason);
  }
}
