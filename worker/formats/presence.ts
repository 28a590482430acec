import type { Presence } from '../protocol/entry.ts';
import { runLength, type Run } from '../source/runs.ts';
import { heldFrom, holdsSome, type Held } from '../source/source.ts';

/** Whether the bytes of these runs are in the image: all, some or none. */
export function presenceOf(runs: readonly Run[], held: Held): Presence {
  let some = false;
  let lacks = false;
  for (const run of runs) {
    if ('zeros' in run || runLength(run) === 0) continue;
    if (heldFrom(held, run.offset, run.length) < run.length) lacks = true;
    if (holdsSome(held, run.offset, run.length)) some = true;
  }
  if (!lacks) return 'whole';
  return some ? 'cut' : 'missing';
}
