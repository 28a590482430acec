import { BytesSource } from '../worker/source/bytes.ts';
import { Broken, examine, type Depth, type Examined } from './examine.ts';
import { apply, makeInput, type Input } from './mutate.ts';
import { PiecewiseSource } from './piecewise-source.ts';
import { Random } from './random.ts';
import type { Seed } from './seeds.ts';

/** One in so many inputs is looked into all through, and one in so many of those a second time, read another way. */
const DEEP = 4;
const TWICE = 2;

/** The input of this number: which seed, and what is done to it. */
export function inputOf(seeds: readonly Seed[], seed: number, index: number): { readonly of: Seed; readonly input: Input } {
  const random = new Random(seed, index);
  const of = random.pick(seeds);
  return { of, input: makeInput(of, random) };
}

/** How an input is tried: `twice` reads it again by other windows and in other pieces, and compares. */
export interface Trial {
  readonly depth: Depth;
  readonly twice: boolean;
}

/** How the input of this number is tried. */
export const trialOf = (index: number): Trial => ({
  depth: index % DEEP === 0 ? 'all' : 'trees',
  twice: index % (DEEP * TWICE) === 0,
});

/** Try an input. Throws Broken, and nothing else. */
export async function tryInput(of: Seed, input: Input, { depth, twice }: Trial): Promise<Examined> {
  const { bytes, undo } = apply(of, input);
  const name = of.name.slice(of.name.lastIndexOf('/') + 1);
  try {
    const first = await examine(new BytesSource(bytes, name), depth);
    if (twice) {
      const second = await examine(new PiecewiseSource(new BytesSource(bytes, name)), depth);
      if (first.seen !== second.seen) throw new Broken('the same however it is read', difference(first.seen, second.seen));
    }
    return first;
  } catch (error) {
    throw error instanceof Broken ? error : new Broken('errors of ours', String(error), error);
  } finally {
    undo();
  }
}

function difference(first: string, second: string): string {
  let at = 0;
  while (first[at] === second[at]) at++;
  const from = Math.max(0, at - 60);
  return `${first.slice(from, at + 60)} | ${second.slice(from, at + 60)}`;
}
