import type { EntryId } from '../protocol/entry.ts';
import { Unsupported } from '../protocol/errors.ts';
import type { Term } from './query.ts';

/** What the worker of patterns is asked: which of these names match. */
export interface PatternJob {
  readonly patterns: readonly { readonly pattern: RegExp; readonly not: boolean }[];
  readonly names: readonly string[];
}

/** Indices of the names that match all; before the first job `ready`. */
export type PatternAnswer = { readonly ready: true } | { readonly matches: Uint32Array };

/** How long (milliseconds) some thousand names may take: a pattern can need longer than anybody lives. */
export const MOST_TIME = 2000;
/** A worker that has not said in this time (milliseconds) that it is there is done without. */
const PATIENCE = 5000;

/** Carry out a job; may never end. */
export function runPatterns({ patterns, names }: PatternJob): Uint32Array {
  const matches = new Uint32Array(names.length);
  let count = 0;
  for (let index = 0; index < names.length; index++)
    if (patterns.every(({ pattern, not }) => pattern.test(names[index] as string) !== not)) matches[count++] = index;
  return matches.slice(0, count);
}

type PatternTerm = Extract<Term, { readonly by: 'pattern' }>;

/** Tries regular expressions in a worker of its own, which is ended when it takes too long. */
export class PatternTester {
  readonly #start: () => Worker;
  #worker: Promise<Worker> | null = null;

  constructor(start: () => Worker) {
    this.#start = start;
  }

  /** Those of the entries whose names match. Throws Unsupported where that takes too long. */
  async filter(
    entries: Uint32Array,
    nameOf: (entry: EntryId) => string,
    patterns: readonly PatternTerm[],
    signal: AbortSignal,
  ): Promise<Uint32Array> {
    const names = Array.from(entries, nameOf);
    const matches = await this.#ask({ patterns: patterns.map(({ pattern, not }) => ({ pattern, not })), names }, signal);
    return matches.map((index) => entries[index] as number);
  }

  /** End the worker; the next question starts another. */
  stop(): void {
    void this.#worker?.then(
      (worker) => worker.terminate(),
      () => undefined,
    );
    this.#worker = null;
  }

  async #ask(job: PatternJob, signal: AbortSignal): Promise<Uint32Array> {
    this.#worker ??= this.#open();
    const worker = await this.#worker;
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const end = (error: Error): void => {
        this.stop();
        reject(error);
      };
      const late = (): void => end(new Unsupported('pattern-time', 'This regular expression takes too long. “*” and “?” never do.'));
      const cancel = (): void => end(new DOMException('Another search began.', 'AbortError'));
      const timer = setTimeout(late, MOST_TIME);
      signal.addEventListener('abort', cancel, { once: true });
      worker.onmessage = ({ data }: MessageEvent<PatternAnswer>) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', cancel);
        if ('matches' in data) resolve(data.matches);
      };
      worker.postMessage(job);
    });
  }

  #open(): Promise<Worker> {
    return new Promise((resolve, reject) => {
      const none = (): void =>
        reject(new Unsupported('no-worker', 'Regular expressions cannot be tried in this browser: use “*” and “?”.'));
      const worker = this.#start();
      const timer = setTimeout(none, PATIENCE);
      worker.onmessage = () => {
        clearTimeout(timer);
        resolve(worker);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        clearTimeout(timer);
        none();
      };
    });
  }
}
