import { Block } from '../bytes/block.ts';
import { decoderOf } from '../bytes/charset.ts';
import type { ArchiveMember } from '../protocol/preview.ts';
import type { ByteSource } from '../source/source.ts';

/** Members that are listed; the count says how many more there are. */
export const MAX_MEMBERS = 2000;
/** Bytes of a ZIP's central directory that are read. */
const MAX_DIRECTORY = 4 * 1024 * 1024;
/** The end record with the longest comment (APPNOTE 4.3.16). */
const END_AREA = 22 + 65_535;

export interface Listed {
  readonly members: readonly ArchiveMember[];
  readonly count: number | null;
}

const NOTHING: Listed = { members: [], count: 0 };
const utf8 = new TextDecoder();
const dos = decoderOf('cp437');

/** Date and time of MS-DOS as milliseconds, taken for UTC; null where they name no day. */
export function dosTime(date: number, time: number): number | null {
  const [month, day] = [(date >> 5) & 15, date & 31];
  if (month < 1 || month > 12 || day < 1) return null;
  return Date.UTC(1980 + (date >> 9), month - 1, day, time >> 11, (time >> 5) & 63, (time & 31) * 2);
}

/** The members that the central directory of a ZIP names (APPNOTE 4.3.12); null where no directory is found. */
export async function listZip(source: ByteSource): Promise<Listed | null> {
  const from = Math.max(0, source.size - END_AREA);
  const tail = new Block(await source.read(from, source.size - from), from);
  for (let at = tail.length - 22; at >= 0; at--) {
    if (tail.u32le(at) !== 0x06054b50 || at + 22 + tail.u16le(at + 20) > tail.length) continue;
    let [count, size, start] = [tail.u16le(at + 10), tail.u32le(at + 12), tail.u32le(at + 16)];
    if (count === 0xffff || start === 0xffffffff || size === 0xffffffff) {
      const wide = await zip64End(source, tail, at);
      if (!wide) return null;
      [count, size, start] = wide;
    }
    if (count === 0) return NOTHING;
    // Where something stands in front of the archive (a program that unpacks itself), the directory ends at the record all the same.
    const real = start + size <= from + at && (await isEntry(source, start)) ? start : from + at - size;
    if (real < 0 || real >= source.size) return null;
    const directory = new Block(await source.read(real, Math.min(size, MAX_DIRECTORY, source.size - real)), real);
    return { members: centralEntries(directory), count };
  }
  return null;
}

async function isEntry(source: ByteSource, at: number): Promise<boolean> {
  return at + 46 <= source.size && new Block(await source.read(at, 4), at).u32le(0) === 0x02014b50;
}

async function zip64End(source: ByteSource, tail: Block, end: number): Promise<[number, number, number] | null> {
  const locator = end - 20;
  if (locator < 0 || tail.u32le(locator) !== 0x07064b50) return null;
  try {
    const at = tail.u64le(locator + 8);
    if (at + 56 > source.size) return null;
    const block = new Block(await source.read(at, 56), at);
    return block.u32le(0) === 0x06064b50 ? [block.u64le(32), block.u64le(40), block.u64le(48)] : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function centralEntries(block: Block): ArchiveMember[] {
  const members: ArchiveMember[] = [];
  for (let at = 0; at + 46 <= block.length && members.length < MAX_MEMBERS;) {
    if (block.u32le(at) !== 0x02014b50) break;
    const [nameLength, extraLength, commentLength] = [block.u16le(at + 28), block.u16le(at + 30), block.u16le(at + 32)];
    const extra = at + 46 + nameLength;
    if (extra + extraLength > block.length) break;
    const bytes = block.part(at + 46, nameLength);
    const name = block.u16le(at + 8) & 0x800 ? utf8.decode(bytes) : dos(bytes);
    const size = block.u32le(at + 24) === 0xffffffff ? zip64Size(block, extra, extra + extraLength) : block.u32le(at + 24);
    members.push({ name, directory: name.endsWith('/'), size, modified: dosTime(block.u16le(at + 14), block.u16le(at + 12)) });
    at = extra + extraLength + commentLength;
  }
  return members;
}

function zip64Size(block: Block, from: number, to: number): number {
  for (let at = from; at + 12 <= to; at += 4 + block.u16le(at + 2)) {
    // Whole sizes of up to 2^53 are exact, which is more than any file has.
    if (block.u16le(at) === 1) return block.u32le(at + 4) + block.u32le(at + 8) * 2 ** 32;
  }
  return 0xffffffff;
}

const TAR_BLOCK = 512;
/** Headers lie behind each other's contents: windows are read, and so many of them at most. */
const TAR_WINDOW = 256 * 1024;
const MAX_WINDOWS = 400;
/** Bytes of a long name or of extended attributes that are looked at. */
const MAX_EXTENDED = 64 * 1024;

/** Whether a TAR header stands at the start of these bytes: its sum adds up (POSIX.1 ustar, GNU, and older). */
export function isTar(bytes: Uint8Array): boolean {
  return bytes.length >= TAR_BLOCK && bytes[0] !== 0 && tarSum(bytes, 0) === octal(bytes, 148, 8);
}

function tarSum(bytes: Uint8Array, at: number): number {
  let sum = 8 * 0x20;
  for (let place = 0; place < TAR_BLOCK; place++) if (place < 148 || place >= 156) sum += bytes[at + place] as number;
  return sum;
}

/** The members of a TAR in order, from header to header; the count is null where more follow. */
export async function listTar(source: ByteSource): Promise<Listed> {
  const members: ArchiveMember[] = [];
  let window = new Uint8Array(0);
  let base = 0;
  let windows = 0;
  const at = async (offset: number, length: number): Promise<Uint8Array | null> => {
    if (offset + length > source.size) return null;
    if (offset < base || offset + length > base + window.length) {
      if (++windows > MAX_WINDOWS) return null;
      base = offset;
      window = (await source.read(offset, Math.min(Math.max(TAR_WINDOW, length), source.size - offset))) as Uint8Array<ArrayBuffer>;
    }
    return window.subarray(offset - base, offset - base + length);
  };
  let long: string | null = null;
  for (let offset = 0; members.length < MAX_MEMBERS;) {
    const header = await at(offset, TAR_BLOCK);
    if (!header) return { members, count: offset >= source.size ? members.length : null };
    if (header[0] === 0) return { members, count: members.length };
    if (!isTar(header)) return { members, count: null };
    const size = octal(header, 124, 12);
    const type = String.fromCharCode(header[156] as number);
    if ('Lx'.includes(type)) long = longName(type, await at(offset + TAR_BLOCK, Math.min(size, MAX_EXTENDED))) ?? long;
    else if (!'gK'.includes(type)) {
      const prefix = text(header, 257, 5) === 'ustar' && text(header, 257, 8) !== 'ustar  ' ? text(header, 345, 155) : '';
      const name: string = long ?? (prefix ? `${prefix}/${text(header, 0, 100)}` : text(header, 0, 100));
      members.push({ name, directory: type === '5' || name.endsWith('/'), size, modified: octal(header, 136, 12) * 1000 });
      long = null;
    }
    offset += TAR_BLOCK + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
  }
  return { members, count: null };
}

/** The name that a GNU long name or a PAX header holds; null where it names none. */
function longName(type: string, bytes: Uint8Array | null): string | null {
  if (!bytes) return null;
  if (type === 'L') return text(bytes, 0, bytes.length);
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(utf8.decode(bytes))?.[1] ?? null;
}

function text(bytes: Uint8Array, at: number, length: number): string {
  const part = bytes.subarray(at, at + length);
  const end = part.indexOf(0);
  return utf8.decode(end < 0 ? part : part.subarray(0, end));
}

/** An octal number, or base 256 where the first bit is set (GNU); 0 where it is none. */
function octal(bytes: Uint8Array, at: number, length: number): number {
  if ((bytes[at] as number) & 0x80) {
    let value = (bytes[at] as number) & 0x7f;
    for (let place = 1; place < length; place++) value = value * 256 + (bytes[at + place] as number);
    return Number.isSafeInteger(value) ? value : 0;
  }
  const digits = /^[\0 ]*([0-7]+)/.exec(String.fromCharCode(...bytes.subarray(at, at + length)))?.[1];
  return digits ? parseInt(digits, 8) : 0;
}
