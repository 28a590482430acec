import { DIRECTORY, HIDDEN, RECORD_HEADER, SECTOR } from './directory-record.ts';

/** Directories in the root, in each of them, and files in each of those. */
const GROUPS = 8;
const SECTIONS = 10;
const FILES = 24;
const DIRECTORIES = 1 + GROUPS * (1 + SECTIONS);
/** Entries of either tree, without the root. */
export const REHEARSAL_ENTRIES = DIRECTORIES - 1 + GROUPS * SECTIONS * FILES;
/** Blocks of one directory of either tree: records of Rock Ridge are the longer ones. */
const BLOCKS = 4;
/** The first block behind descriptors and path tables. */
const FIRST = 23;
const DATE = [124, 2, 29, 12, 34, 56, 0];
const EARLIER = [124, 2, 28, 1, 2, 3, 4];

/**
 * A small disc with Rock Ridge and Joliet, every field of it as most writers put it: to be read before
 * any real one, so that the browser has compiled what reading takes. Its files share their contents,
 * the whole disc: so their sum is a number as large as those of real discs.
 */
export function rehearsalDisc(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array((FIRST + 2 * BLOCKS * DIRECTORIES) * SECTOR);
  for (const [index, tree] of [rockRidge, joliet].entries()) {
    const root = FIRST + index * BLOCKS * DIRECTORIES;
    const place = (directory: number): Extent => ({ lba: root + directory * BLOCKS, length: BLOCKS * SECTOR });
    const table = pathTable(tree, place);
    bytes.set(table, (19 + 2 * index) * SECTOR);
    writeDescriptor(bytes, 16 + index, root, tree === joliet, table.length);
    writeDirectory(
      bytes,
      place(0),
      place(0),
      several(GROUPS, (at) => tree(`group ${at}`, place(1 + at), DIRECTORY)),
    );
    for (let group = 0; group < GROUPS; group++) {
      const first = 1 + GROUPS + group * SECTIONS;
      const sections = several(SECTIONS, (at) => tree(`section-${at}`, place(first + at), DIRECTORY));
      writeDirectory(bytes, place(1 + group), place(0), sections);
      for (let section = 0; section < SECTIONS; section++) {
        const files = several(FILES, (at) =>
          tree(`file_${at}.txt`, { lba: 0, length: at % 2 ? bytes.length : 0 }, at % 8 === 7 ? HIDDEN : 0),
        );
        writeDirectory(bytes, place(first + section), place(1 + group), files);
      }
    }
  }
  bytes.set([255, ...ascii('CD001'), 1], 18 * SECTOR);
  return bytes;
}

const several = (count: number, make: (at: number) => number[]): number[][] => Array.from({ length: count }, (_, at) => make(at));

/** Writes a record of one tree. */
type Tree = (name: string, extent: Extent, flags: number) => number[];

interface Extent {
  readonly lba: number;
  readonly length: number;
}

/** The entry that says that records hold others (SUSP 5.3). */
const SHARING = [0x53, 0x50, 7, 1, 0xbe, 0xef, 0];

const ascii = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));
const little = (value: number): number[] => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];
/** Both byte orders (ECMA-119 7.3.3). */
const both = (value: number): number[] => [...little(value), ...little(value).reverse()];

function record(identifier: readonly number[], { lba, length }: Extent, flags: number, systemUse: readonly number[]): number[] {
  const padding = identifier.length % 2 === 0 ? [0] : [];
  const all = [...both(lba), ...both(length), ...DATE, flags, 0, 0, 1, 0, 0, 1, identifier.length, ...identifier, ...padding, ...systemUse];
  const size = 2 + all.length + (all.length % 2);
  return [size, 0, ...all, ...(all.length % 2 ? [0] : [])];
}

/** A record with the entries of Rock Ridge as one writer or another puts them (RRIP 4.1). */
function rockRidge(name: string, extent: Extent, flags: number): number[] {
  const mode = flags & DIRECTORY ? 0o40755 : 0o100644;
  const posix = [...ascii('PX'), 36, 1, ...both(mode), ...both(1), ...both(0), ...both(0)];
  const changed = name.length % 2 ? DATE : EARLIER;
  const times = [...ascii('TF'), 26, 1, 14, ...changed, ...DATE, ...DATE];
  const alternate = [...ascii('NM'), 5 + name.length, 1, 0, ...ascii(name)];
  const identifier = `${name.toUpperCase().replace(/[ -]/, '_')}${flags & DIRECTORY ? '' : ';1'}`;
  const entries = name.length % 3 ? [...posix, ...times, ...alternate] : [...ascii('RR'), 5, 1, 0x89, ...alternate, ...posix, ...times];
  return record(ascii(identifier), extent, flags, entries);
}

function joliet(name: string, extent: Extent, flags: number): number[] {
  return record(
    ascii(name).flatMap((code) => [0, code]),
    extent,
    flags,
    [],
  );
}

/** Its own record, its parent's, and others behind them, none across the border of a sector (ECMA-119 6.8.1.1). */
function writeDirectory(bytes: Uint8Array, own: Extent, parent: Extent, records: readonly (readonly number[])[]): void {
  let at = own.lba * SECTOR;
  for (const each of [record([0], own, DIRECTORY, own.lba === parent.lba ? SHARING : []), record([1], parent, DIRECTORY, []), ...records]) {
    if ((at % SECTOR) + each.length > SECTOR) at += SECTOR - (at % SECTOR);
    bytes.set(each, at);
    at += each.length;
  }
}

/** The directories by place, name and number of the parent (ECMA-119 9.4). */
function pathTable(tree: Tree, place: (directory: number) => Extent): number[] {
  const row = (directory: number, name: string, parent: number): number[] => {
    const { lba } = place(directory);
    const written = directory === 0 ? record([0], place(0), DIRECTORY, []) : tree(name, place(directory), DIRECTORY);
    const identifier = written.slice(RECORD_HEADER, RECORD_HEADER + (written[RECORD_HEADER - 1] ?? 0));
    return [identifier.length, 0, ...little(lba), parent, 0, ...identifier, ...(identifier.length % 2 ? [0] : [])];
  };
  const groups = several(GROUPS, (at) => row(1 + at, `group ${at}`, 1));
  const sections = several(GROUPS * SECTIONS, (at) => row(1 + GROUPS + at, `section-${at % SECTIONS}`, 2 + Math.floor(at / SECTIONS)));
  return [row(0, '', 1), ...groups, ...sections].flat();
}

/** A volume descriptor (ECMA-119 8.4, 8.5). */
function writeDescriptor(bytes: Uint8Array, sector: number, root: number, supplementary: boolean, tableSize: number): void {
  const at = sector * SECTOR;
  bytes.set([supplementary ? 2 : 1, ...ascii('CD001'), 1], at);
  bytes.set(both(bytes.length / SECTOR), at + 80);
  if (supplementary) bytes.set(ascii('%/E'), at + 88);
  bytes.set([1, 0, 0, 1, 1, 0, 0, 1, 0, 8, 8, 0, ...both(tableSize), ...little(supplementary ? 21 : 19)], at + 120);
  bytes.set(record([0], { lba: root, length: BLOCKS * SECTOR }, DIRECTORY, []), at + 156);
}
