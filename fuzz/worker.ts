import { parentPort, workerData } from 'node:worker_threads';
import { Broken } from './examine.ts';
import type { Input } from './mutate.ts';
import { loadSeeds } from './seeds.ts';
import { inputOf, trialOf, tryInput } from './trial.ts';

/** What the worker is told. */
export interface Orders {
  readonly seed: number;
  /** Number of the first input. */
  readonly from: number;
  readonly fixtures: string;
  /** Bytes of the largest seed. */
  readonly most: number;
  /** [number of the input under way, 1 once it is to stop]. */
  readonly state: Int32Array;
}

/** A broken promise, as it is kept in a file. */
export interface Found {
  readonly rule: string;
  readonly detail: string;
  readonly where: string;
  readonly input: Input;
  readonly index: number;
}

/** What the worker says: what it found, or how far it is. */
export type Said = { readonly found: Found } | { readonly inputs: number; readonly recognised: number; readonly twice: number };

/** Inputs between two reports. */
const REPORT = 200;

/** The places of our code in a call stack, the innermost first. */
export function whereOf(error: unknown): string {
  const { stack = '' } = error instanceof Error ? error : {};
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return frames.slice(0, 6).map((line) => line.trim().replace(/\(?(file:\/\/)?\/.*\//, '(')).join(' < '); // prettier-ignore
}

/** Try one input after another until told to stop. */
export async function work({ seed, from, fixtures, most, state }: Orders, say: (said: Said) => void): Promise<void> {
  const seeds = await loadSeeds({ most, root: fixtures });
  const tally = { inputs: 0, recognised: 0, twice: 0 };
  for (let index = from; Atomics.load(state, 1) === 0; index++) {
    Atomics.store(state, 0, index);
    const { of, input } = inputOf(seeds, seed, index);
    const trial = trialOf(index);
    try {
      if ((await tryInput(of, input, trial)).recognised) tally.recognised++;
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      say({ found: { rule: error.rule, detail: error.message.slice(0, 2000), where: whereOf(error.cause ?? error), input, index } });
    }
    tally.inputs++;
    if (trial.twice) tally.twice++;
    if (tally.inputs % REPORT === 0) say({ ...tally });
  }
  say({ ...tally });
}

if (parentPort) {
  const port = parentPort;
  await work(workerData as Orders, (said) => port.postMessage(said));
}
