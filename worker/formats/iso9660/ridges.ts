import type { Findings } from '../findings.ts';
import type { Continuations } from './continuations.ts';
import { systemUseStart, type Sections } from './record-entries.ts';
import { RidgeReading } from './rock-ridge.ts';
import type { RockRidge } from './rock-ridge-entries.ts';
import { MAX_CONTINUATIONS, type Continuation } from './system-use.ts';
import type { TreeForm } from './tree-form.ts';

/** Records whose continuation areas are in memory at once: some 32 MiB at most. */
const AT_ONCE = 1024;

/** Read the Rock Ridge entries of these records; null in place of each where the tree has none. Reads only where continuation areas are not in memory. */
export async function readRidges(
  sections: readonly Sections[],
  form: TreeForm,
  continuations: Continuations,
  findings: Findings,
  signal?: AbortSignal,
): Promise<(RockRidge | null)[]> {
  const { skip } = form;
  if (skip === null) return sections.map(() => null);
  const readings = sections.map(
    ({ block, first }) => new RidgeReading(block, systemUseStart(block, first, skip), first.systemUseEnd, form.blockSize),
  );
  const ridges = readings.map((reading) => reading.go(continuations.find));
  let waiting = ridges.flatMap((ridge, index) => (ridge.needs ? [index] : []));
  const lose = (index: number, code: string, detail: string): void => {
    const at = (sections[index] as Sections).first.offset;
    (ridges[index] as RockRidge).problem ??= { severity: 'damage', code, at, spec: 'SUSP 5.1', detail };
  };
  const place = (index: number): number => ridges[index]?.needs?.offset ?? 0;
  for (let round = 0; round <= MAX_CONTINUATIONS && waiting.length > 0 && !continuations.spent; round++) {
    waiting.sort((a, b) => place(a) - place(b));
    const still: number[] = [];
    for (let from = 0; from < waiting.length; from += AT_ONCE) {
      signal?.throwIfAborted();
      const some = waiting.slice(from, from + AT_ONCE).filter((index) => {
        const { needs } = ridges[index] as RockRidge;
        if (!needs || continuations.inside(needs)) return needs !== null;
        lose(index, 'continuation-outside', `A continuation area at ${needs.offset} lies outside of the image; what stands there is lost.`);
        return false;
      });
      const needed = some.map((index) => (ridges[index] as RockRidge).needs as Continuation);
      if (some.length > 0 && !continuations.spent) await continuations.load(needed, signal);
      for (const index of some) if ((readings[index] as RidgeReading).go(continuations.find).needs) still.push(index);
    }
    waiting = still;
  }
  if (continuations.spent) for (const index of waiting) lose(index, 'continuation-budget', 'Continuation areas of this tree are more than its image can hold; the rest is left out.'); // prettier-ignore
  for (const { problem } of ridges) if (problem) findings.add(problem.severity, problem.code, problem.at, problem.spec, problem.detail);
  return ridges;
}
