import type { Presence } from '../protocol/entry.ts';
import { runLength, type Run } from '../source/runs.ts';

/** Whether the bytes of these runs are in an image of so many bytes: all, some or none. */
export function presenceOf(runs: readonly Run[], sourceSize: number): Presence {
  let some = false;
  let lacks = false;
  for (const run of runs) {
    if ('zeros' in run || runLength(run) === 0) continue;
    if (run.offset + run.length > sourceSize) lacks = true;
    if (run.offset < sourceSize) some = true;
  }
  if (!lacks) return 'whole';
  return some ? 'cut' : 'missing';
}
