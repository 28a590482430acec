import { hierarchy, treemap } from 'd3-hierarchy';
import type { EntryRow } from '../../worker/protocol/entry.ts';
import type { Shares } from '../../worker/protocol/study.ts';

/** A rectangle of the map, in px: an entry, or all others together (`row` null). */
export interface Tile {
  readonly row: EntryRow | null;
  readonly bytes: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Rectangles as large as the entries, as square as can be. */
export function tilesOf({ rows, otherBytes }: Shares, width: number, height: number): readonly Tile[] {
  interface Part {
    readonly row: EntryRow | null;
    readonly bytes: number;
    readonly children?: readonly Part[];
  }
  const children: Part[] = rows.map((row) => ({ row, bytes: row.size ?? 0 }));
  if (otherBytes > 0) children.push({ row: null, bytes: otherBytes });
  const root = hierarchy<Part>({ row: null, bytes: 0, children }).sum(({ bytes }) => bytes);
  const laid = treemap<Part>().size([width, height]).paddingInner(2).round(true)(root);
  return (laid.children ?? []).map(({ data, x0, y0, x1, y1 }) => ({ ...data, x: x0, y: y0, width: x1 - x0, height: y1 - y0 }));
}
