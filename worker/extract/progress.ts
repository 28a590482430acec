import type { SaveProgress } from '../protocol/save.ts';

const MIN_INTERVAL_MS = 100;

/** Counts the bytes of a save over its phases and tells of them at most ten times a second. */
export class ProgressMeter {
  #done = 0;
  #total: number;
  #phase: SaveProgress['phase'] = 'write';
  #files: number | null = null;
  #last = -Infinity;
  readonly #tell: ((progress: SaveProgress) => void) | undefined;

  constructor(total: number, tell?: (progress: SaveProgress) => void) {
    this.#total = total;
    this.#tell = tell;
  }

  begin(phase: SaveProgress['phase']): void {
    this.#phase = phase;
    // A new phase is told of with its first bytes, however soon they come.
    this.#last = -Infinity;
  }

  /** Bytes that will not be done after all. */
  spare(bytes: number): void {
    this.#total -= bytes;
  }

  /** One more file is finished. */
  file(): void {
    this.#files = (this.#files ?? 0) + 1;
  }

  add(bytes: number, path: () => string): void {
    this.#done += bytes;
    const now = performance.now();
    if (!this.#tell || now - this.#last < MIN_INTERVAL_MS) return;
    this.#last = now;
    this.#tell({ phase: this.#phase, done: Math.min(this.#done, this.#total), total: this.#total, path: path(), ...this.#known });
  }

  /** The last word: all is done. */
  finish(): void {
    this.#tell?.({ phase: this.#phase, done: this.#total, total: this.#total, path: '', ...this.#known });
  }

  get #known(): { readonly files?: number } {
    return this.#files === null ? {} : { files: this.#files };
  }
}
