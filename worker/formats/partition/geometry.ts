import type { PartitionRecord } from './mbr.ts';

/** How a disk counts in cylinders: 0 where its records tell nothing. */
export interface Geometry {
  readonly heads: number;
  readonly sectorsPerTrack: number;
}

/** Beyond this cylinder a record cannot count. */
const LAST_CYLINDER = 1023;
/** What isohybrid, xorriso and most systems write. */
const USUAL: readonly Geometry[] = [
  { heads: 64, sectorsPerTrack: 32 },
  { heads: 255, sectorsPerTrack: 63 },
  { heads: 128, sectorsPerTrack: 32 },
];

/** Heads and sectors of a track by which the ends of all partitions, counted in cylinders, are those counted in sectors. */
export function geometryOf(records: readonly PartitionRecord[]): Geometry {
  const telling = records.filter(({ endCylinder, endSector }) => endSector > 0 && endCylinder < LAST_CYLINDER);
  if (telling.length === 0) return { heads: 0, sectorsPerTrack: 0 };
  const most = {
    heads: Math.max(...telling.map(({ endHead }) => endHead)) + 1,
    sectorsPerTrack: Math.max(...telling.map(({ endSector }) => endSector)),
  };
  const fits = ({ heads, sectorsPerTrack }: Geometry): boolean =>
    telling.every(
      ({ start, sectors, endHead, endSector, endCylinder }) =>
        (endCylinder * heads + endHead) * sectorsPerTrack + endSector === start + sectors &&
        endHead < heads &&
        endSector <= sectorsPerTrack,
    );
  const last = Math.max(...telling.map(({ start, sectors }) => start + sectors));
  // Heads that the records do not name may exist: only where the last partition ends with a cylinder have they named all.
  const ends = last % (most.heads * most.sectorsPerTrack) === 0;
  return [...(ends ? [most] : []), ...USUAL, most].find(fits) ?? { heads: 0, sectorsPerTrack: 0 };
}
