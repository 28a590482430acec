import { crc16 } from '../../bytes/crc16.ts';
import { TAGS } from './tag.ts';

const SECTOR = 2048;
/** Directories in the root, and files in each of them. */
const GROUPS = 40;
const FILES = 60;
/** Entries without the root. */
export const UDF_REHEARSAL_ENTRIES = GROUPS * (1 + FILES);
const MAIN = 32;
const ANCHOR = 256;
const PARTITION = 257;
/** Blocks of one directory's identifiers; behind them its own ICB and those of its files. */
const LISTING = 3;
const DIRECTORY = LISTING + 1 + FILES;
/** Block of the root's identifiers; the block before holds the file set descriptor. */
const ROOT_LISTING = 1;
const ROOT_ICB = ROOT_LISTING + LISTING;
const FIRST = ROOT_ICB + 1;
const BLOCKS = FIRST + GROUPS * DIRECTORY;
/** 29 February 2024, 12:34:56 UTC (ECMA-167 1/7.3). */
const TIME = [0, 0x10, 2024 & 255, 2024 >> 8, 2, 29, 12, 34, 56, 0, 0, 0];

/**
 * A small disc of UDF, every field of it as most writers put it: to be read before any real one, so that
 * the browser has compiled what reading takes (see the disc of the same kind in formats/iso9660).
 */
export function udfRehearsalDisc(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array((PARTITION + BLOCKS) * SECTOR);
  const put = (block: number, part: readonly number[]): void => bytes.set(part, (PARTITION + block) * SECTOR);
  for (const [at, mark] of ['BEA01', 'NSR02', 'TEA01'].entries()) bytes.set([0, ...ascii(mark), 1], (16 + at) * SECTOR);
  for (const [at, descriptor] of volumeDescriptors().entries()) bytes.set(descriptor, (MAIN + at) * SECTOR);
  bytes.set(tagged(TAGS.anchor, ANCHOR, [...u32(16 * SECTOR, MAIN, 16 * SECTOR, MAIN), ...zeros(480)]), ANCHOR * SECTOR);
  put(0, tagged(TAGS.fileSet, 0, [...zeros(384), ...u32(SECTOR, ROOT_ICB, 0), ...zeros(100)]));
  const groups = several(GROUPS, (group) => identifier(`group ${group}`, FIRST + group * DIRECTORY + LISTING, true));
  writeDirectory(put, ROOT_LISTING, groups);
  for (let group = 0; group < GROUPS; group++) {
    const listing = FIRST + group * DIRECTORY;
    const icb = listing + LISTING;
    writeDirectory(
      put,
      listing,
      several(FILES, (at) => identifier(at % 16 ? `file_${at}.txt` : `\u30c6_${at}.txt`, icb + 1 + at, false)),
    );
    for (let at = 0; at < FILES; at++) put(icb + 1 + at, fileEntry(icb + 1 + at, 5, at % 8 ? SECTOR * at : 0, 0, at % 2 === 1));
  }
  return bytes;
}

const several = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));
const zeros = (count: number): number[] => several(count, () => 0);
const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
const u16 = (value: number): number[] => [value & 255, value >> 8];
const u32 = (...values: readonly number[]): number[] => values.flatMap((value) => [...u16(value & 0xffff), ...u16(value >>> 16)]);

/** A descriptor with its tag, of version 2 (ECMA-167 3/7.2). */
function tagged(id: number, location: number, body: readonly number[]): number[] {
  const tag = [...u16(id), 2, 0, 0, 0, 0, 0, ...u16(crc16(Uint8Array.from(body), 0, body.length)), ...u16(body.length), ...u32(location)];
  tag[4] = tag.reduce((sum, byte) => sum + byte, 0) & 255;
  return [...tag, ...body];
}

/** Primary, partition and logical volume descriptor, and the end of their sequence (ECMA-167 3/10). */
function volumeDescriptors(): number[][] {
  const field = (length: number, bytes: readonly number[] = []): number[] => [...bytes, ...zeros(length - bytes.length)];
  const primary = [...field(8), ...field(32, [8, ...ascii('R')]), ...field(320), ...TIME, ...field(124)];
  const partition = [...field(4), ...u16(1), ...u16(0), ...field(164), ...u32(PARTITION, BLOCKS), ...field(316)];
  const volume = [
    ...field(196),
    ...u32(SECTOR),
    ...field(32, [0, ...ascii('*OSTA UDF Compliant'), ...zeros(4), 2, 1]),
    ...u32(SECTOR, 0, 0, 0),
    ...u32(6, 1),
    ...field(168),
    ...[1, 6, 1, 0, 0, 0],
  ];
  return [
    tagged(TAGS.primaryVolume, MAIN, primary),
    tagged(TAGS.partition, MAIN + 1, partition),
    tagged(TAGS.logicalVolume, MAIN + 2, volume),
    tagged(TAGS.terminating, MAIN + 3, zeros(496)),
  ];
}

/** A file identifier descriptor (ECMA-167 4/14.4); a name of null is the parent's. */
function identifier(name: string | null, icb: number, directory: boolean): number[] {
  const wide = name !== null && /[^\0-\xff]/.test(name);
  const coded =
    name === null
      ? []
      : wide
        ? [16, ...several(name.length, (at) => name.charCodeAt(at)).flatMap((c) => [c >> 8, c & 255])]
        : [8, ...ascii(name)];
  const flags = (directory ? 2 : 0) | (name === null ? 8 : 0);
  const body = [1, 0, flags, coded.length, ...u32(SECTOR, icb), ...zeros(10), ...coded];
  return tagged(TAGS.fileIdentifier, 0, [...body, ...zeros(-body.length & 3)]);
}

/** A file entry or an extended one, of one short allocation descriptor (ECMA-167 4/14.9, 4/14.17). */
function fileEntry(block: number, fileType: number, length: number, first: number, extended: boolean): number[] {
  const head = [...zeros(4), 4, 0, 0, 0, 1, 0, 0, fileType, ...zeros(6), ...u16(0), ...u32(1000, 1000, 0x14a5), 1, 0, ...zeros(6)];
  const sizes = extended ? [...u32(length, 0), ...u32(length, 0)] : u32(length, 0);
  const times = several(extended ? 4 : 3, () => TIME).flat();
  const middle = extended
    ? [...zeros(8), ...times, ...u32(1, 0), ...zeros(16), ...zeros(16)]
    : [...zeros(8), ...times, ...u32(1), ...zeros(16)];
  const rest = [...zeros(32), ...zeros(8), ...u32(0), ...u32(length > 0 ? 8 : 0), ...(length > 0 ? u32(length, first) : [])];
  return tagged(extended ? TAGS.extendedFileEntry : TAGS.fileEntry, block, [...head, ...sizes, ...middle, ...rest]);
}

/** The identifiers of a directory, and its ICB behind them. */
function writeDirectory(
  put: (block: number, part: readonly number[]) => void,
  listing: number,
  children: readonly (readonly number[])[],
): void {
  const identifiers = [...identifier(null, ROOT_ICB, true), ...children.flat()];
  put(listing, identifiers);
  put(listing + LISTING, fileEntry(listing + LISTING, 4, identifiers.length, listing, false));
}
