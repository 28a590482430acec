import { ImageError } from '../../protocol/errors.ts';
import type { Run } from '../../source/runs.ts';
import type { DirectoryRecord } from './directory-record.ts';

/** Pieces of one file that are told apart; an interleaved file of 4 GiB in units of one block has two million. */
const MAX_RUNS = 4_000_000;

/** Where a record's contents are: the byte orders agree, or the one that lies inside the image is taken (ECMA-119 7.3.3). */
export interface Place {
  readonly lba: number;
  readonly length: number;
  /** True where the two orders differ. */
  readonly disagree: boolean;
}

/** Little-endian wins unless it lies outside of the image and big-endian does not (ECMA-119 7.3.3). */
export function placeOf(record: DirectoryRecord, blockSize: number, sourceSize: number): Place {
  const { lba, lbaBig, dataLength, dataLengthBig } = record;
  if (lba === lbaBig && dataLength === dataLengthBig) return { lba, length: dataLength, disagree: false };
  const fits = (block: number, length: number): boolean => block > 0 && block * blockSize + length <= sourceSize;
  const first = dataLength > 0 || dataLengthBig === 0;
  if (first && fits(lba, dataLength)) return { lba, length: dataLength, disagree: true };
  if (fits(lbaBig, dataLengthBig)) return { lba: lbaBig, length: dataLengthBig, disagree: true };
  if (first && fits(lbaBig, dataLength)) return { lba: lbaBig, length: dataLength, disagree: true };
  if (fits(lba, dataLengthBig)) return { lba, length: dataLengthBig, disagree: true };
  return { lba, length: dataLength, disagree: true };
}

/** Absolute offset of the first byte of contents: after the extended attribute record (ECMA-119 6.4.3, 6.4.4.1, 9.5). */
export function firstByte(record: DirectoryRecord, lba: number, blockSize: number): number {
  // An interleaved section keeps its attribute record in a file unit of its own (ECMA-119 6.4.3.2).
  const before = record.attributeBlocks > 0 && record.unitBlocks > 0 ? record.unitBlocks + record.gapBlocks : record.attributeBlocks;
  return (lba + before) * blockSize;
}

/** The stored pieces of one file section; interleaved ones by file unit and gap (ECMA-119 6.4.3.2, 9.1.7, 9.1.8). */
export function sectionRuns(record: DirectoryRecord, place: Place, blockSize: number, sourceSize: number): Run[] {
  if (place.length === 0) return [];
  let offset = firstByte(record, place.lba, blockSize);
  if (record.unitBlocks === 0 || record.gapBlocks === 0) return [{ offset, length: place.length }];
  const unit = record.unitBlocks * blockSize;
  const runs: Run[] = [];
  for (let left = place.length; left > 0;) {
    // Past the end of the image every unit is missing alike: one run says so.
    const length = offset >= sourceSize ? left : Math.min(unit, left);
    runs.push({ offset, length });
    if (runs.length > MAX_RUNS)
      throw new ImageError(
        'too-many-units',
        'An interleaved file has more units than can be told apart.',
        record.offset,
        'ECMA-119 6.4.3.2',
      );
    offset += unit + record.gapBlocks * blockSize;
    left -= length;
  }
  return runs;
}
