import type { Findings } from '../findings.ts';
import type { Continuations } from './continuations.ts';
import { systemUseStart, type Sections } from './record-entries.ts';
import { readRockRidge } from './rock-ridge.ts';
import type { RockRidge } from './rock-ridge-entries.ts';
import { MAX_CONTINUATIONS } from './system-use.ts';
import type { TreeForm } from './tree-form.ts';

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
  const parse = ({ block, first }: Sections): RockRidge =>
    readRockRidge(block, systemUseStart(block, first, skip), first.systemUseEnd, form.blockSize, continuations.find);
  const ridges = sections.map(parse);
  let waiting = ridges.flatMap((ridge, index) => (ridge.needs ? [index] : []));
  if (waiting.length > 0) continuations.clear();
  for (let round = 0; round <= MAX_CONTINUATIONS && waiting.length > 0; round++) {
    const areas = waiting.map((index) => ridges[index]?.needs).filter((area) => area !== null && area !== undefined);
    const readable = areas.filter((area) => continuations.inside(area));
    if (readable.length > 0) await continuations.load(readable, signal);
    waiting = waiting.filter((index) => {
      const { needs } = ridges[index] as RockRidge;
      if (!needs) return false;
      if (!continuations.inside(needs)) {
        const at = (sections[index] as Sections).first.offset;
        (ridges[index] as RockRidge).problem ??= {
          severity: 'damage',
          code: 'continuation-outside',
          at,
          spec: 'SUSP 5.1',
          detail: `A continuation area at ${needs.offset} lies outside of the image; what stands there is lost.`,
        };
        return false;
      }
      ridges[index] = parse(sections[index] as Sections);
      return ridges[index].needs !== null;
    });
  }
  for (const { problem } of ridges) if (problem) findings.add(problem.severity, problem.code, problem.at, problem.spec, problem.detail);
  return ridges;
}
