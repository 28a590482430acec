/**
 * Work of which a limited number is under way at once. The first failure stops the rest: `signal` aborts, and
 * `start` and `settled` throw it.
 */
export class InFlight {
  readonly #limit: number;
  readonly #maxWeight: number;
  readonly #controller = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #outer: AbortSignal | undefined;
  #weight = 0;
  #failure: { readonly error: unknown } | null = null;

  /** At most `limit` at once, and no more than one where their weights come to more than `maxWeight`. */
  constructor(limit: number, maxWeight: number, signal?: AbortSignal) {
    this.#limit = limit;
    this.#maxWeight = maxWeight;
    this.#outer = signal;
  }

  /** Aborts when the whole is cancelled or one part has failed. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Begin a piece of work as soon as there is room for it. */
  async start(weight: number, work: () => Promise<void>): Promise<void> {
    this.#check();
    while (this.#running.size > 0 && (this.#running.size >= this.#limit || this.#weight + weight > this.#maxWeight)) {
      await Promise.race(this.#running);
      this.#check();
    }
    this.#weight += weight;
    const running: Promise<void> = work()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#weight -= weight;
        this.#running.delete(running);
      });
    this.#running.add(running);
  }

  /** Until all that was begun has ended; throws what failed first. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
    this.#check();
  }

  /** Stop what is under way and wait for it, without throwing. */
  async stop(): Promise<void> {
    this.#controller.abort();
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#controller.abort();
  }

  #check(): void {
    if (this.#failure) throw this.#failure.error;
    if (this.#outer?.aborted) {
      this.#controller.abort();
      this.#outer.throwIfAborted();
    }
  }
}
