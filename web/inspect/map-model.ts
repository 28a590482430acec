import type { EntryId, ViewId } from '../../worker/protocol/entry.ts';
import { MAP_KINDS, NO_VIEW, type DiscMap, type MapKind } from '../../worker/protocol/disc-map.ts';

/** Cells of the finest level of sums; each further level has half as many. */
const CELLS = 65_536;
const KINDS = MAP_KINDS.length;
/** A part that is looked up by sums has so many cells at the least: one at each edge may be its neighbour's. */
const WITHIN = 16;
/** With so few runs in view each of them is shown, however small. */
const FEW = 4_000;
const GAP = MAP_KINDS.indexOf('gap');

/** An entry by the tree that it stands in. */
interface MapOwner {
  readonly view: ViewId;
  readonly entry: EntryId;
}

/** One level: bytes of each kind in every cell. */
interface Level {
  readonly cell: number;
  readonly sums: Float32Array;
}

/** What is looked up of a map while it is drawn: which run has a byte, which kind has most of a stretch. */
export class MapModel {
  readonly map: DiscMap;
  /** From fine to coarse. */
  readonly #levels: readonly Level[];

  constructor(map: DiscMap) {
    this.map = map;
    this.#levels = levelsOf(map);
  }

  start(run: number): number {
    return this.map.starts[run] as number;
  }
  length(run: number): number {
    return (this.map.starts[run + 1] as number) - (this.map.starts[run] as number);
  }
  kind(run: number): MapKind {
    return MAP_KINDS[this.map.kinds[run] as number] as MapKind;
  }
  /** The owner of a run: an entry of a view, or the name of a structure. */
  owner(run: number): MapOwner | string {
    const [number, owner] = [this.map.views[run] as number, this.map.owners[run] as number];
    if (number === NO_VIEW) return this.map.structureNames[owner]?.name ?? '';
    return { view: this.map.viewIds[number] as ViewId, entry: owner };
  }

  /** The run that has a byte; the first or last for one outside of the map. */
  runAt(byte: number): number {
    const { starts, runs } = this.map;
    let low = 0;
    for (let high = runs - 1; low < high;) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= byte) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** For each of `steps` equal parts of a stretch the kind that has most of it, as an index of MAP_KINDS. */
  kindsOf(from: number, to: number, steps: number): Uint8Array {
    const kinds = new Uint8Array(steps);
    const step = (to - from) / steps;
    const level = this.#levels.findLast(({ cell }) => cell * WITHIN <= step);
    const first = this.runAt(from);
    if (level) this.#bySums(kinds, from, step, level);
    else this.#byRuns(kinds, from, step, first);
    const last = this.runAt(to);
    // Where few runs are in view the small ones among them are not lost in what is around them.
    if (last - first < FEW)
      for (let run = first; run <= last; run++) {
        const kind = this.map.kinds[run] as number;
        const at = Math.floor((this.start(run) - from) / step);
        if (kind !== GAP && this.length(run) < step && at >= 0 && at < steps) kinds[at] = kind;
      }
    return kinds;
  }

  #bySums(kinds: Uint8Array, from: number, step: number, { cell, sums }: Level): void {
    const totals = new Float64Array(KINDS);
    for (let index = 0; index < kinds.length; index++) {
      totals.fill(0);
      const first = Math.floor((from + index * step) / cell);
      const last = Math.max(first + 1, Math.floor((from + (index + 1) * step) / cell));
      for (let at = first * KINDS; at < last * KINDS && at < sums.length; at += KINDS)
        for (let kind = 0; kind < KINDS; kind++) totals[kind] = (totals[kind] as number) + (sums[at + kind] as number);
      kinds[index] = greatest(totals);
    }
  }

  #byRuns(kinds: Uint8Array, from: number, step: number, first: number): void {
    const { starts, kinds: own, runs } = this.map;
    const totals = new Float64Array(KINDS);
    let run = first;
    for (let index = 0; index < kinds.length; index++) {
      const [begin, end] = [from + index * step, from + (index + 1) * step];
      totals.fill(0);
      for (; ; run++) {
        const kind = own[run] as number;
        const held = Math.min(end, starts[run + 1] as number) - Math.max(begin, starts[run] as number);
        totals[kind] = (totals[kind] as number) + Math.max(0, held);
        if ((starts[run + 1] as number) > end || run + 1 >= runs) break;
      }
      kinds[index] = greatest(totals);
    }
  }
}

function greatest(totals: Float64Array): number {
  let best = 0;
  for (let kind = 1; kind < KINDS; kind++) if ((totals[kind] as number) > (totals[best] as number)) best = kind;
  return best;
}

function levelsOf({ starts, kinds, runs, extent }: DiscMap): Level[] {
  let cell = Math.max(1, extent / CELLS);
  let sums = new Float32Array(CELLS * KINDS);
  for (let run = 0; run < runs; run++) {
    const kind = kinds[run] as number;
    const end = starts[run + 1] as number;
    for (let at = starts[run] as number; at < end;) {
      const index = Math.min(CELLS - 1, Math.floor(at / cell));
      const to = index === CELLS - 1 ? end : Math.min(end, Math.max(at + 1, (index + 1) * cell));
      sums[index * KINDS + kind] = (sums[index * KINDS + kind] as number) + to - at;
      at = to;
    }
  }
  const levels: Level[] = [{ cell, sums }];
  for (let count = CELLS / 2; count >= 1; count /= 2) {
    const coarse = new Float32Array(count * KINDS);
    for (let index = 0; index < count * 2; index++)
      for (let kind = 0; kind < KINDS; kind++) {
        const to = (index >> 1) * KINDS + kind;
        coarse[to] = (coarse[to] as number) + (sums[index * KINDS + kind] as number);
      }
    cell *= 2;
    sums = coarse;
    levels.push({ cell, sums });
  }
  return levels;
}
