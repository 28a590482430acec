import { turn } from '../protocol/turn.ts';
import type { Layout } from '../source/layout.ts';
import type { Summing } from '../source/packing.ts';
import type { ExtractionPlan } from './plan.ts';

/** An archive laid out, and which member stands at an offset of it. */
export interface ArchiveLayout {
  readonly layout: Layout;
  /** Path of the member whose header or contents hold this offset. */
  readonly pathAt: (offset: number) => string;
  /** Sums up what its headers tell of, while it is written. */
  readonly summing?: Summing;
}

/** Look up paths by the offsets at which members' headers start (ascending; as many as `count`). */
export function pathsByOffset(plan: ExtractionPlan, indices: Uint32Array, starts: Float64Array): (offset: number) => string {
  return (offset) => {
    let low = 0;
    let high = indices.length - 1;
    if (high < 0) return '';
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return plan.path(indices[low] as number);
  };
}

/** Let waiting messages (a cancel) through during long work that reads nothing. */
export async function breathe(signal?: AbortSignal): Promise<void> {
  await turn();
  signal?.throwIfAborted();
}

/** Members handled between two breaths. */
export const BREATH = 16_384;
