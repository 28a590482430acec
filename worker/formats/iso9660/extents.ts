import type { Run } from '../../source/runs.ts';
import type { DirectoryRecord } from './directory-record.ts';

/** Pieces of one file, all its sections together, that are told apart; an interleaved one of 4 GiB in units of one block has two million. */
export const MAX_RUNS = 4_000_000;

/** Sections of one file that are followed; writers make them as large as they may be, so that these are 256 TiB. */
export const MAX_SECTIONS = 65_536;

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

/** The stored pieces of one file section, counted: nothing here costs more for a section of many. */
export interface SectionExtent {
  /** Absolute offset of its first byte. */
  readonly offset: number;
  readonly length: number;
  /** Bytes of a file unit and from one to the next; equal to the length where it is in one piece. */
  readonly unit: number;
  readonly step: number;
  /** How many runs it has: past the end of the image every unit is missing alike, and one run says so. */
  readonly count: number;
  /** Absolute offset behind its last byte. */
  readonly end: number;
}

/** Where the pieces of one file section are; interleaved ones by file unit and gap (ECMA-119 6.4.3.2, 9.1.7, 9.1.8). */
export function sectionExtent(record: DirectoryRecord, { lba, length }: Place, blockSize: number, sourceSize: number): SectionExtent {
  const offset = firstByte(record, lba, blockSize);
  const unit = record.unitBlocks * blockSize;
  if (record.unitBlocks === 0 || record.gapBlocks === 0 || length <= unit)
    return { offset, length, unit: length, step: length, count: length > 0 ? 1 : 0, end: offset + length };
  const step = unit + record.gapBlocks * blockSize;
  const units = Math.ceil(length / unit);
  const end = offset + (units - 1) * step + (length - (units - 1) * unit);
  const inside = Math.max(0, Math.ceil((sourceSize - offset) / step));
  return { offset, length, unit, step, count: Math.min(units, inside + 1), end };
}

/** The runs of a section, in order. */
export function* sectionRuns({ offset, length, unit, step, count }: SectionExtent): Generator<Run> {
  let left = length;
  for (let index = 0; index < count; index++) {
    const piece = index === count - 1 ? left : unit;
    yield { offset: offset + index * step, length: piece };
    left -= piece;
  }
}
