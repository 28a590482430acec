import { STEPS, type Pace } from './pace.ts';
import { BY_FILE, Spans } from './spans.ts';

/** Give each file the rest of its last sector, as far as nobody has it (ECMA-119 6.4.3.2). */
export function giveSlack({ count, start, end, kind }: Spans, sector: number): void {
  for (let index = 0; index < count; index++) {
    if (kind[index] !== BY_FILE) continue;
    const next = index + 1 < count ? (start[index + 1] as number) : Infinity;
    end[index] = Math.min(next, Math.ceil((end[index] as number) / sector) * sector);
  }
}

/** Told of bytes of the lower layer that the upper one hides. */
export type OnHidden = (upper: number, lower: number, from: number, to: number) => void;

/** Two layers, each in order and without overlaps, as one: where both have a byte, the upper one keeps it. */
export async function overlay(upper: Spans, lower: Spans, pace: Pace, onHidden?: OnHidden): Promise<Spans> {
  const joined = new Spans();
  let next = 0;
  let told = 0;
  const tellUpper = (upTo: number): void => {
    for (; told <= upTo; told++) copy(upper, told, upper.start[told] as number, upper.end[told] as number);
  };
  for (let low = 0; low < lower.count; low++) {
    if ((low & STEPS) === 0 && pace.due) await pace.breathe();
    let from = lower.start[low] as number;
    const end = lower.end[low] as number;
    while (next < upper.count && (upper.end[next] as number) <= from) tellUpper(next++);
    while (next < upper.count && (upper.start[next] as number) < end) {
      const [above, to] = [upper.start[next] as number, upper.end[next] as number];
      if (above > from) copy(lower, low, from, above);
      tellUpper(next);
      onHidden?.(next, low, Math.max(from, above), Math.min(to, end));
      from = Math.max(from, to);
      if (to > end) break; // it hides part of what follows, too
      next++;
    }
    if (from < end) copy(lower, low, from, end);
  }
  tellUpper(upper.count - 1);
  return joined;

  function copy(layer: Spans, index: number, start: number, end: number): void {
    joined.add(start, end, layer.kind[index] as number, layer.view[index] as number, layer.owner[index] as number);
  }
}
