import { turn } from '../protocol/turn.ts';

/** Milliseconds of work after which others have their turn. */
const SLICE = 8;

/** Work in slices: between two of them the worker hears what it is asked meanwhile, or that nobody wants this any more. */
export class Slices {
  readonly #signal: AbortSignal;
  #begun = performance.now();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether a slice is over. */
  get over(): boolean {
    return performance.now() - this.#begun >= SLICE;
  }

  /** Let others have their turn, where the slice is over. Rejects with an AbortError when it was cancelled. */
  async breathe(): Promise<void> {
    if (this.over) {
      await turn();
      this.#begun = performance.now();
    }
    this.#signal.throwIfAborted();
  }

  /** Carry out steps in slices. */
  async run<T>(steps: Generator<void, T>): Promise<T> {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      await this.breathe();
    }
  }
}
