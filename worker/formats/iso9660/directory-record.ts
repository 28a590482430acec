import type { Block } from '../../bytes/block.ts';
import { readShortDate } from './date.ts';

/** Bytes of a directory record before its identifier (ECMA-119 9.1). */
export const RECORD_HEADER = 33;
/** The shortest record: an identifier of one byte. */
export const SHORTEST_RECORD = RECORD_HEADER + 1;
/** A logical sector: records do not cross it (ECMA-119 6.8.1.1). */
export const SECTOR = 2048;

/** File flags (ECMA-119 9.1.6). */
export const HIDDEN = 1;
export const DIRECTORY = 2;
export const ASSOCIATED = 4;
export const MULTI_EXTENT = 128;

/** A directory record; both byte orders of what decides where the contents are (ECMA-119 9.1). */
export interface DirectoryRecord {
  /** Absolute offset in the image. */
  readonly offset: number;
  readonly length: number;
  /** Blocks of the extended attribute record before the contents (ECMA-119 9.1.2). */
  readonly attributeBlocks: number;
  readonly lba: number;
  readonly lbaBig: number;
  readonly dataLength: number;
  readonly dataLengthBig: number;
  readonly modified: number;
  readonly flags: number;
  /** Blocks of a file unit and of the gap behind it; 0 where not interleaved (ECMA-119 9.1.7, 9.1.8). */
  readonly unitBlocks: number;
  readonly gapBlocks: number;
  readonly volumeSequence: number;
  readonly name: Uint8Array;
  /** Where the system use area stands in the block: [from, to), after the pad byte (ECMA-119 9.1.12, 9.1.13). */
  readonly systemUse: number;
  readonly systemUseEnd: number;
}

/** Read the record at `at`; `nameLength` and `length` are given by the caller, who has checked them (ECMA-119 9.1). High Sierra has no zone, and its flags one byte earlier. */
export function readDirectoryRecord(block: Block, at: number, highSierra: boolean, length: number, nameLength: number): DirectoryRecord {
  const nameEnd = at + RECORD_HEADER + nameLength;
  const pad = nameLength % 2 === 0 ? 1 : 0;
  const end = at + length;
  return {
    offset: block.base + at,
    length,
    attributeBlocks: block.u8(at + 1),
    lba: block.u32le(at + 2),
    lbaBig: block.u32be(at + 6),
    dataLength: block.u32le(at + 10),
    dataLengthBig: block.u32be(at + 14),
    modified: readShortDate(block, at + 18, !highSierra),
    flags: block.u8(highSierra ? at + 24 : at + 25),
    unitBlocks: block.u8(at + 26),
    gapBlocks: block.u8(at + 27),
    volumeSequence: block.u16le(at + 28),
    name: block.part(at + RECORD_HEADER, nameLength),
    systemUse: Math.min(nameEnd + pad, end),
    systemUseEnd: end,
  };
}

/** True for the records of the directory itself and its parent: identifiers 00 and 01 (ECMA-119 6.8.2.2). */
export function isDot(record: DirectoryRecord): boolean {
  return record.name.length === 1 && (record.name[0] as number) <= 1;
}

/**
 * Whether the bytes at `at` are surely a record: lengths that fit, both byte orders equal in place,
 * size and volume number. Only an unlucky one in 2^80 of random bytes is (ECMA-119 9.1).
 */
export function isPlausible(block: Block, at: number, room: number): boolean {
  if (room < SHORTEST_RECORD) return false;
  const length = block.u8(at);
  const nameLength = block.u8(at + 32);
  return length >= SHORTEST_RECORD && length <= room && nameLength > 0 && RECORD_HEADER + nameLength <= length && ordersAgree(block, at);
}

/** Whether both byte orders agree in the extent's place, its length and the volume number, not all of them zero (ECMA-119 7.2.3, 7.3.3). */
export function ordersAgree(block: Block, at: number): boolean {
  const lba = block.u32le(at + 2);
  const size = block.u32le(at + 10);
  return lba === block.u32be(at + 6) && size === block.u32be(at + 14) && block.u16le(at + 28) === block.u16be(at + 30) && lba + size > 0;
}

/** The record of a directory itself, which is its first one; null where there is none (ECMA-119 6.8.2.2). */
export function readSelf(block: Block, at: number, room: number, highSierra: boolean): DirectoryRecord | null {
  if (room < SHORTEST_RECORD) return null;
  const length = block.u8(at);
  const fits = length >= SHORTEST_RECORD && length <= room && block.u8(at + 32) === 1 && block.u8(at + RECORD_HEADER) === 0;
  return fits ? readDirectoryRecord(block, at, highSierra, length, 1) : null;
}
