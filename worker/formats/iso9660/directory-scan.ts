import type { Block } from '../../bytes/block.ts';
import type { Findings } from '../findings.ts';
import { isBlankDate } from './date.ts';
import {
  isPlausible,
  ordersAgree,
  readDirectoryRecord,
  RECORD_HEADER,
  SECTOR,
  SHORTEST_RECORD,
  type DirectoryRecord,
} from './directory-record.ts';

/** What of a volume the reading of records depends on. */
export interface RecordForm {
  readonly highSierra: boolean;
  readonly blockSize: number;
}

/** That of a tree, always of one shape: code compiled for one disc then serves the next. */
export function recordForm({ highSierra, blockSize }: RecordForm): RecordForm {
  return { highSierra, blockSize };
}

/** Given a record whose lengths are sound; true where it was dealt with at once, and so surely is a record. */
export type TakeRecord = (block: Block, at: number, length: number, nameLength: number) => boolean;

/** The records of a part of a directory. */
export interface RecordScan {
  readonly records: DirectoryRecord[];
  /** False where something could not be read. */
  readonly complete: boolean;
  /** True where the directory ended before its recorded size (see `doubt`). */
  readonly ended: boolean;
}

/**
 * All records that begin in bytes [from, to) of a block. A zero length byte ends the sector, not the
 * directory (ECMA-119 6.8.1.1). Broken records are mended where one of their two lengths is right,
 * else left out, and reading goes on at the next sure record of the sector. Sectors from `doubt` on
 * must begin with a sure record: the directory's two recorded sizes differ there. Sound records are
 * offered to `take` first.
 */
export function scanRecords(
  block: Block,
  from: number,
  to: number,
  doubt: number,
  form: RecordForm,
  findings: Findings,
  take: TakeRecord | null = null,
): RecordScan {
  const records: DirectoryRecord[] = [];
  const step = Math.min(form.blockSize, SECTOR);
  let complete = true;
  let at = from;
  while (at < to) {
    const inSector = (block.base + at) % SECTOR;
    const room = Math.min(SECTOR - inSector, block.length - at);
    if (at >= doubt && inSector === 0 && !(isPlausible(block, at, room) && block.u8(at + RECORD_HEADER) > 1))
      return { records, complete, ended: true };
    const length = block.u8(at);
    if (length === 0) {
      // With blocks of less than a sector some writers pad to the block only: look at each block.
      at += step - ((block.base + at) % step);
      continue;
    }
    const nameLength = room >= SHORTEST_RECORD ? block.u8(at + 32) : 0;
    if (length >= SHORTEST_RECORD && nameLength > 0 && RECORD_HEADER + nameLength <= length && length <= room) {
      if (take?.(block, at, length, nameLength)) {
        at += length;
        continue;
      }
      if (!isNoise(block, at)) {
        records.push(readDirectoryRecord(block, at, form.highSierra, length, nameLength));
        at += length;
        continue;
      }
    }
    complete = false;
    const mended = mendRecord(block, at, room, form);
    const outcome = mended ? 'it was read by the length that fits' : 'it cannot be read; the entries behind it were looked for';
    findings.add(
      'damage',
      'record-lengths',
      block.base + at,
      'ECMA-119 9.1.1',
      `A directory record of ${length} bytes holds a name of ${nameLength}: ${outcome}.`,
    );
    if (mended) records.push(mended);
    at = nextRecord(block, mended ? at + RECORD_HEADER : at + 1, at + room);
  }
  return { records, complete, ended: false };
}

/** Both orders differ twice and the date is none: bytes that are no record at all. */
function isNoise(block: Block, at: number): boolean {
  if (block.u32le(at + 2) === block.u32be(at + 6) || block.u32le(at + 10) === block.u32be(at + 14)) return false;
  if (isBlankDate(block, at + 18)) return false;
  const [month, day, hour] = [block.u8(at + 19), block.u8(at + 20), block.u8(at + 21)];
  return month < 1 || month > 12 || day < 1 || day > 31 || hour > 23;
}

/** A record with one wrong length, read by the other one; null where neither fits what follows. */
function mendRecord(block: Block, at: number, room: number, form: RecordForm): DirectoryRecord | null {
  if (room < SHORTEST_RECORD || !ordersAgree(block, at)) return null;
  const length = block.u8(at);
  const nameLength = block.u8(at + 32);
  const byName = RECORD_HEADER + nameLength + (nameLength % 2 === 0 ? 1 : 0);
  // A sure record behind it is better evidence than padding, which stands in many places.
  const nameFits = nameLength > 0 && byName <= room ? evidence(block, at + byName, at + room) : 0;
  const lengthFits = length > SHORTEST_RECORD && length <= room ? evidence(block, at + length, at + room) : 0;
  if (nameFits > 0 && nameFits >= lengthFits) return readDirectoryRecord(block, at, form.highSierra, byName, nameLength);
  if (lengthFits > 0) {
    let end = at + length;
    while (end > at + SHORTEST_RECORD && block.u8(end - 1) === 0) end--;
    return readDirectoryRecord(block, at, form.highSierra, length, end - at - RECORD_HEADER);
  }
  // The length overruns the sector, but the name is inside of it: the last record of a sector.
  if (nameLength > 0 && length > room && RECORD_HEADER + nameLength <= room)
    return readDirectoryRecord(block, at, form.highSierra, Math.min(byName, room), nameLength);
  return null;
}

/** 2 where a sure record or the end of the sector stands here, 1 where padding does, else 0. */
function evidence(block: Block, at: number, end: number): number {
  if (at >= end) return at === end ? 2 : 0;
  if (isPlausible(block, at, end - at)) return 2;
  return block.u8(at) === 0 ? 1 : 0;
}

/** The next sure record before `end`, else `end`. */
function nextRecord(block: Block, from: number, end: number): number {
  for (let at = from; at + SHORTEST_RECORD <= end; at++) if (isPlausible(block, at, end - at)) return at;
  return end;
}
