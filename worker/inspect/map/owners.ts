import { MAP_KINDS, NO_VIEW, type MapLabel, type MapTotal, type StructureTotal } from '../../protocol/disc-map.ts';
import { fileKind } from '../../protocol/file-kind.ts';
import type { Gap } from '../../source/source.ts';
import type { View } from '../view.ts';
import { STEPS, type Pace } from './pace.ts';
import { BY_FILE, Spans } from './spans.ts';
import { kindNumber, type StructureNames } from './structure-names.ts';

/** Runs that are named on a picture of the map: no picture has room for more. */
const MAX_LABELS = 32;
const MISS = kindNumber('miss');
const BOOT = kindNumber('boot');

/** Give each run that a file owns its kind, by the file's name, and cut it where the image ends: what is not there is missing. */
export async function settleKinds(
  spans: Spans,
  views: readonly View[],
  size: number,
  absent: readonly Gap[],
  bootImages: ReadonlySet<number>,
  pace: Pace,
): Promise<Spans> {
  const settled = new Spans();
  for (let index = 0; index < spans.count; index++) {
    if ((index & 1023) === 0 && pace.due) await pace.breathe();
    const [start, end] = [spans.start[index] as number, spans.end[index] as number];
    const [view, owner] = [spans.view[index] as number, spans.owner[index] as number];
    let kind = spans.kind[index] as number;
    if (kind === BY_FILE) {
      const { catalog, volume } = views[view] as View;
      if (bootImages.has(start)) kind = BOOT;
      else kind = kindNumber(fileKind(volume.decodeName(catalog.name(owner))).family);
      let from = start;
      for (const { offset, length } of [...absent, { offset: size, length: Infinity }]) {
        const [gone, back] = [Math.max(from, offset), Math.min(end, offset + length)];
        if (back <= gone) continue;
        if (gone > from) settled.join(from, gone, kind, view, owner);
        settled.join(gone, back, MISS, view, owner);
        from = back;
      }
      if (from < end) settled.join(from, end, kind, view, owner);
    } else settled.join(start, end, kind, view, owner);
  }
  return settled;
}

/** Sums of all runs by kind and by structure, largest first; and the largest runs of files, in order of place. */
export async function sumUp(
  spans: Spans,
  views: readonly View[],
  names: StructureNames,
  pace: Pace,
): Promise<{ totals: MapTotal[]; structures: StructureTotal[]; labels: MapLabel[] }> {
  const kinds = MAP_KINDS.map((kind) => ({ kind, bytes: 0, runs: 0, owners: 0 }));
  const structures = names.list.map((structure) => ({ ...structure, bytes: 0, runs: 0 }));
  const counted = views.map(({ catalog }) => new Uint8Array(catalog.count));
  const largest: number[] = [];
  let least = 0;
  const lengthOf = (index: number): number => (spans.end[index] as number) - (spans.start[index] as number);
  for (let index = 0; index < spans.count; index++) {
    if ((index & STEPS) === 0 && pace.due) await pace.breathe();
    const bytes = lengthOf(index);
    const kind = spans.kind[index] as number;
    const total = kinds[kind] as (typeof kinds)[number];
    total.bytes += bytes;
    total.runs++;
    const [view, owner] = [spans.view[index] as number, spans.owner[index] as number];
    if (view === NO_VIEW) {
      const structure = structures[owner] as (typeof structures)[number];
      structure.bytes += bytes;
      structure.runs++;
      if (structure.runs === 1 || kind === kindNumber('sys')) total.owners++;
      continue;
    }
    const seen = counted[view] as Uint8Array;
    // A file counts once among its kind, and once where its record has a block of its own or bytes are missing.
    const bit = kind === kindNumber('dir') ? 1 : kind === MISS ? 2 : 4;
    if (((seen[owner] as number) & bit) === 0) total.owners++;
    seen[owner] = (seen[owner] as number) | bit;
    if (bit !== 4 || bytes <= least) continue;
    largest.push(index);
    if (largest.length < 2 * MAX_LABELS) continue;
    largest.sort((a, b) => lengthOf(b) - lengthOf(a)).length = MAX_LABELS;
    least = lengthOf(largest[MAX_LABELS - 1] as number);
  }
  largest.sort((a, b) => lengthOf(b) - lengthOf(a)).splice(MAX_LABELS);
  const labels = largest
    .sort((a, b) => a - b)
    .map((index) => {
      const { catalog, volume } = views[spans.view[index] as number] as View;
      return {
        start: spans.start[index] as number,
        length: lengthOf(index),
        name: volume.decodeName(catalog.name(spans.owner[index] as number)),
      };
    });
  return {
    totals: kinds.filter(({ runs }) => runs > 0).sort((a, b) => b.bytes - a.bytes),
    structures: structures.filter(({ runs }) => runs > 0).sort((a, b) => b.bytes - a.bytes),
    labels,
  };
}
