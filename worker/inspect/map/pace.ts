import { turn } from '../../protocol/turn.ts';

/** Milliseconds of work between two chances for other messages. */
const SLICE = 24;
/** Loops look at the clock each time this many steps are done: a power of two, less one. */
export const STEPS = 8191;

/** Lets the worker answer others while a long computation goes on. */
export class Pace {
  #since = performance.now();
  readonly #signal: AbortSignal | undefined;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  get due(): boolean {
    return performance.now() - this.#since > SLICE;
  }

  async breathe(): Promise<void> {
    this.#signal?.throwIfAborted();
    await turn();
    this.#since = performance.now();
  }
}
