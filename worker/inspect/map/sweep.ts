import type { MapOverlap } from '../../protocol/disc-map.ts';
import { ascending } from './ascending.ts';
import { STEPS, type Pace } from './pace.ts';
import { Spans } from './spans.ts';

/** Overlaps that are told one by one. */
export const MAX_OVERLAPS = 100;
/** Different ends at one beginning that are told apart. */
const MAX_ENDS = 16;

/** Two spans over the same bytes, by their numbers. */
export interface FoundOverlap {
  readonly how: MapOverlap['how'];
  readonly offset: number;
  readonly length: number;
  readonly first: number;
  readonly second: number;
}

/** One layer of spans without two over the same byte, and what was seen of those that were. */
export interface Swept {
  readonly spans: Spans;
  /** Extents that have more than one name in one view, and their bytes for each further name. */
  readonly shared: { extents: number; bytes: number };
  /** Extents that begin together in two views, and end apart. */
  disagreements: number;
  overlapCount: number;
  readonly overlaps: FoundOverlap[];
  /** By view: extents that begin where no other view has one, and their bytes. */
  readonly lonely: Map<number, { extents: number; bytes: number }>;
}

/**
 * Put spans in order of place, so that no two have a byte in common: the one that begins first keeps it, of two that begin
 * together the one that was added first. Identical ones are one file with more names, or with names in more trees; `first` says
 * which spans are the first of their entry.
 */
export async function sweep(claims: Spans, pace: Pace, isFirst: (span: number) => boolean = () => true): Promise<Swept> {
  const { start, end, view, owner, kind } = claims;
  const order = await ascending(start, claims.count, pace);
  const swept: Swept = {
    spans: new Spans(),
    shared: { extents: 0, bytes: 0 },
    disagreements: 0,
    overlapCount: 0,
    overlaps: [],
    lonely: new Map(),
  };
  let covered = -1;
  /** The span that covers furthest. */
  let top = -1;
  for (let index = 0; index < order.length;) {
    if ((index & STEPS) === 0 && pace.due) await pace.breathe();
    const from = index;
    const at = start[order[from] as number] as number;
    while (index < order.length && start[order[index] as number] === at) index++;
    countGroup(from, index);
    for (let place = from; place < index; place++) {
      const span = order[place] as number;
      const to = end[span] as number;
      if (to > covered) {
        swept.spans.join(Math.max(at, covered), to, kind[span] as number, view[span] as number, owner[span] as number);
        covered = to;
        top = span;
      }
    }
  }
  return swept;

  /** What the spans that begin at one place say of each other, and of the one that covers that place. */
  function countGroup(from: number, to: number): void {
    const first = order[from] as number;
    const ends: number[] = [end[first] as number];
    const at = start[first] as number;
    if (at < covered) compare(top, first);
    let alone = true;
    for (let place = from + 1; place < to; place++) {
      const span = order[place] as number;
      const same = ends.includes(end[span] as number);
      if (view[span] !== view[first]) alone = false;
      if (same) {
        if (view[span] === view[first] && owner[span] !== owner[first]) {
          swept.shared.extents++;
          swept.shared.bytes += (end[span] as number) - at;
        }
      } else if (view[span] === view[first]) compare(first, span);
      else swept.disagreements++;
      if (!same && ends.length < MAX_ENDS) ends.push(end[span] as number);
    }
    if (!alone || !isFirst(first)) return;
    const lonely = swept.lonely.get(view[first] as number) ?? { extents: 0, bytes: 0 };
    lonely.extents++;
    lonely.bytes += (end[first] as number) - at;
    swept.lonely.set(view[first] as number, lonely);
  }

  /** Tell that two spans of different files share bytes. */
  function compare(one: number, other: number): void {
    if (view[one] === view[other] && owner[one] === owner[other]) return;
    const offset = Math.max(start[one] as number, start[other] as number);
    const to = Math.min(end[one] as number, end[other] as number);
    const inside = to === end[other] || (to === end[one] && offset === start[one]);
    swept.overlapCount++;
    if (swept.overlaps.length < MAX_OVERLAPS)
      swept.overlaps.push({ how: inside ? 'inside' : 'partial', offset, length: to - offset, first: one, second: other });
  }
}
