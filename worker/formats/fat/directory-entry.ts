import type { Block } from '../../bytes/block.ts';
import { decoderOf } from '../../bytes/charset.ts';
import { wtf8FromUcs2be } from '../../bytes/text.ts';
import { instant } from '../../bytes/time.ts';

/** Bytes of every entry of a directory (FAT 1.03). */
export const DIRECTORY_ENTRY = 32;
const DELETED = 0xe5;
/** Stands for 0xE5, which marks a deleted entry, at the beginning of a name. */
const FIRST_E5 = 0x05;
const HIDDEN = 0x02;
const LABEL = 0x08;
const DIRECTORY = 0x10;
const LONG_NAME = 0x0f;
/** Lower case of the name and of its ending, as Windows NT marks it. */
const LOWER_NAME = 0x08;
const LOWER_ENDING = 0x10;
/** A long name has up to 20 entries of 13 letters. */
const MAX_PARTS = 20;
const LETTERS_AT = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30] as const;

const cp437 = decoderOf('cp437');

/** A file or directory as its entry has it. */
export interface DirectoryEntry {
  /** Offset of the entry in its block. */
  readonly at: number;
  /** UTF-8, unpaired surrogates of a long name as WTF-8. */
  readonly name: Uint8Array;
  readonly directory: boolean;
  readonly hidden: boolean;
  readonly cluster: number;
  readonly size: number;
  /** Milliseconds as if the local time were UTC; NaN where not recorded. */
  readonly modified: number;
  readonly created: number;
  readonly accessed: number;
}

/** What reading a directory's entries gave. */
export interface DirectoryEntries {
  readonly entries: readonly DirectoryEntry[];
  /** The volume's label, where this directory has it. */
  readonly label: string;
  /** Offsets of long names that belong to no entry, or whose sum is wrong. */
  readonly strayNames: readonly number[];
}

/** The entries of a directory up to the first that was never used (FAT 1.03). */
export function readDirectory(block: Block, wide: boolean): DirectoryEntries {
  const entries: DirectoryEntry[] = [];
  const strayNames: number[] = [];
  let label = '';
  let long: LongName | null = null;
  for (let at = 0; at + DIRECTORY_ENTRY <= block.length; at += DIRECTORY_ENTRY) {
    const first = block.u8(at);
    if (first === 0) break;
    const attributes = block.u8(at + 11);
    if (first !== DELETED && (attributes & 0x3f) === LONG_NAME) {
      const next = addPart(long, block, at);
      if (!next || (long && next.at !== long.at)) strayNames.push(at);
      long = next;
      continue;
    }
    const name = long;
    long = null;
    if (first === DELETED) continue;
    if (attributes & LABEL) {
      label ||= cp437(block.part(at, 11)).trimEnd();
      continue;
    }
    const sound = name && name.left === 0 && name.sum === shortNameSum(block, at) ? name : null;
    if (name && !sound) strayNames.push(at);
    if (isDots(block, at)) continue;
    entries.push(readEntry(block, at, wide, sound));
  }
  return { entries, label, strayNames };
}

/** The entry of a file at `at`, without its long name. */
export function readShortEntry(block: Block, at: number, wide: boolean): DirectoryEntry | null {
  if (at + DIRECTORY_ENTRY > block.length || block.u8(at) === 0 || block.u8(at) === DELETED || block.u8(at + 11) & LABEL) return null;
  return readEntry(block, at, wide, null);
}

function readEntry(block: Block, at: number, wide: boolean, long: LongName | null): DirectoryEntry {
  const attributes = block.u8(at + 11);
  const tenths = block.u8(at + 13);
  const created = time(block.u16le(at + 16), block.u16le(at + 14));
  return {
    at,
    name: long ? wtf8FromUcs2be(swapped(long.letters)) : shortName(block, at),
    directory: (attributes & DIRECTORY) !== 0,
    hidden: (attributes & HIDDEN) !== 0,
    cluster: block.u16le(at + 26) + (wide ? (block.u16le(at + 20) & 0x0fff) * 0x10000 : 0),
    size: attributes & DIRECTORY ? 0 : block.u32le(at + 28),
    modified: time(block.u16le(at + 24), block.u16le(at + 22)),
    created: tenths < 200 ? created + tenths * 10 : created,
    accessed: time(block.u16le(at + 18), 0),
  };
}

/** A long name as its parts come: from its end to its beginning, in front of the entry it is for. */
interface LongName {
  /** Offset of its first part. */
  readonly at: number;
  readonly sum: number;
  readonly left: number;
  readonly letters: readonly number[];
}

function addPart(before: LongName | null, block: Block, at: number): LongName | null {
  const order = block.u8(at);
  const number = order & 0x3f;
  const sum = block.u8(at + 13);
  if (number === 0 || number > MAX_PARTS) return null;
  const letters = LETTERS_AT.map((from) => block.u16le(at + from));
  if (order & 0x40) {
    const end = letters.indexOf(0);
    return { at, sum, left: number - 1, letters: end < 0 ? letters : letters.slice(0, end) };
  }
  if (!before || before.left !== number || before.sum !== sum) return null;
  return { ...before, left: number - 1, letters: [...letters, ...before.letters] };
}

function shortNameSum(block: Block, at: number): number {
  let sum = 0;
  for (let index = 0; index < 11; index++) sum = (((sum & 1) << 7) + (sum >> 1) + block.u8(at + index)) & 0xff;
  return sum;
}

function shortName(block: Block, at: number): Uint8Array {
  const bytes = block.part(at, 11).slice();
  if (bytes[0] === FIRST_E5) bytes[0] = DELETED;
  const flags = block.u8(at + 12);
  const part = (from: number, to: number, lower: number): string => {
    const text = cp437(bytes.subarray(from, to)).replace(/ +$/, '');
    return flags & lower ? text.toLowerCase() : text;
  };
  const [name, ending] = [part(0, 8, LOWER_NAME), part(8, 11, LOWER_ENDING)];
  return new TextEncoder().encode(ending === '' ? name : `${name}.${ending}`);
}

function isDots(block: Block, at: number): boolean {
  const text = String.fromCharCode(...block.part(at, 11)).trimEnd();
  return text === '.' || text === '..';
}

function swapped(letters: readonly number[]): Uint8Array {
  return Uint8Array.from(letters.flatMap((letter) => [letter >> 8, letter & 255]));
}

/** A date of 7 + 4 + 5 bits and a time of 5 + 6 + 5, in steps of two seconds. */
function time(date: number, clock: number): number {
  if (date === 0) return NaN;
  const seconds = Math.min((clock & 31) * 2, 59);
  return instant(1980 + (date >> 9), (date >> 5) & 15, date & 31, clock >> 11, (clock >> 5) & 63, seconds, 0);
}
