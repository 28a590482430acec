import { putUtf8, utf8Length } from './names.ts';
import type { Member } from './member.ts';

/** Values from these on do not fit the plain fields: they mark that Zip64 has them (APPNOTE 4.4.1.4). */
export const ZIP64_SIZE = 0xffffffff;
export const ZIP64_COUNT = 0xffff;

/** Bytes of the longest path (APPNOTE 4.4.10). */
export const MAX_ZIP_NAME = 0xffff;

export const STORED = 0;
export const DEFLATED = 8;

const LOCAL_LENGTH = 30;
const CENTRAL_LENGTH = 46;
const LOCAL_TIME_EXTRA = 9;
const CENTRAL_TIME_EXTRA = 9;
/** Bit 11: the name is UTF-8 (APPNOTE appendix D). */
const UTF8 = 1 << 11;
/** Made by: Unix, so that modes count (APPNOTE 4.4.2); specification 4.5. */
const MADE_BY = (3 << 8) | 45;
const DIRECTORY_ATTRIBUTE = 0x10;
const NONE: readonly number[] = [];

/** What a ZIP records of one member besides its name and attributes. */
export interface Stored {
  readonly crc: number;
  readonly method: number;
  /** Bytes as they stand in the archive. */
  readonly compressed: number;
  /** Bytes of the contents. */
  readonly size: number;
}

/** The name as the archive has it: directories end in a slash (APPNOTE 4.4.17). */
export function zipName(member: Member): string {
  return member.kind === 'directory' ? `${member.path}/` : member.path;
}

/** Local file header with exact sizes and CRC (APPNOTE 4.3.7): no data descriptor is ever needed. */
export function localHeader(member: Member, stored: Stored): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(localHeaderLength(utf8Length(zipName(member)), stored));
  putLocalHeader(bytes, 0, member, stored);
  return bytes;
}

/** Put a local header into a buffer; returns its length. */
export function putLocalHeader(into: Uint8Array, at: number, member: Member, stored: Stored): number {
  const zip64 = isLarge(stored);
  put32(into, at, 0x04034b50);
  common(into, at + 4, member, stored, zip64);
  put32(into, at + 18, zip64 ? ZIP64_SIZE : stored.compressed);
  put32(into, at + 22, zip64 ? ZIP64_SIZE : stored.size);
  const name = putName(into, at + LOCAL_LENGTH, member);
  put16(into, at + 26, name);
  let end = timeExtra(into, at + LOCAL_LENGTH + name, member);
  // In a local header both sizes must be there (APPNOTE 4.5.3).
  if (zip64) end = zip64Extra(into, end, [stored.size, stored.compressed]);
  put16(into, at + 28, end - at - LOCAL_LENGTH - name);
  return end - at;
}

/** Length of a local header; whether it needs Zip64 is known before the compressed size is. */
export function localHeaderLength(nameLength: number, stored: Pick<Stored, 'size' | 'method'>): number {
  return LOCAL_LENGTH + nameLength + LOCAL_TIME_EXTRA + (isLarge(stored) ? 4 + 16 : 0);
}

/** Deflate may grow what does not shrink: 5 bytes for each 64 KiB (RFC 1951 3.2.4), so less than this on 4 GiB. */
const DEFLATE_GROWTH = 2 ** 20;

/** Whether one of the sizes in the local header may need more than 32 bits. */
function isLarge({ size, method }: Pick<Stored, 'size' | 'method'>): boolean {
  return size >= ZIP64_SIZE - (method === DEFLATED ? DEFLATE_GROWTH : 0);
}

/** Central directory header (APPNOTE 4.3.12) of a member whose local header stands at `offset`. */
export function centralHeader(member: Member, stored: Stored, offset: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(centralHeaderLength(utf8Length(zipName(member)), stored, offset));
  putCentralHeader(bytes, 0, member, stored, offset);
  return bytes;
}

/** Put a central header into a buffer; returns its length. */
export function putCentralHeader(into: Uint8Array, at: number, member: Member, stored: Stored, offset: number): number {
  const large = largeFields(stored, offset);
  const zip64 = large.length > 0;
  put32(into, at, 0x02014b50);
  put16(into, at + 4, MADE_BY);
  common(into, at + 6, member, stored, zip64);
  put32(into, at + 20, zip64 ? ZIP64_SIZE : stored.compressed);
  put32(into, at + 24, zip64 ? ZIP64_SIZE : stored.size);
  const name = putName(into, at + CENTRAL_LENGTH, member);
  put16(into, at + 28, name);
  // No comment, first disk, internal attributes 0.
  put32(into, at + 32, 0);
  put16(into, at + 36, 0);
  put32(into, at + 38, (member.mode & 0xffff) * 0x10000 + (member.kind === 'directory' ? DIRECTORY_ATTRIBUTE : 0));
  put32(into, at + 42, zip64 ? ZIP64_SIZE : offset);
  let end = timeExtra(into, at + CENTRAL_LENGTH + name, member);
  if (zip64) end = zip64Extra(into, end, large);
  put16(into, at + 30, end - at - CENTRAL_LENGTH - name);
  return end - at;
}

export function centralHeaderLength(nameLength: number, stored: Stored, offset: number): number {
  const large = largeFields(stored, offset).length;
  return CENTRAL_LENGTH + nameLength + CENTRAL_TIME_EXTRA + (large > 0 ? 4 + 8 * large : 0);
}

/** End of central directory, with the Zip64 records before it where size, offset or count need them (APPNOTE 4.3.14-16). */
export function endRecords(count: number, directoryOffset: number, directorySize: number): Uint8Array<ArrayBuffer> {
  const zip64 = count >= ZIP64_COUNT || directoryOffset >= ZIP64_SIZE || directorySize >= ZIP64_SIZE;
  const bytes = new Uint8Array(zip64 ? 56 + 20 + 22 : 22);
  const view = new DataView(bytes.buffer);
  let at = 0;
  if (zip64) {
    view.setUint32(0, 0x06064b50, true);
    put64(bytes, 4, 56 - 12);
    view.setUint16(12, MADE_BY, true);
    view.setUint16(14, 45, true);
    put64(bytes, 24, count);
    put64(bytes, 32, count);
    put64(bytes, 40, directorySize);
    put64(bytes, 48, directoryOffset);
    view.setUint32(56, 0x07064b50, true);
    put64(bytes, 64, directoryOffset + directorySize);
    view.setUint32(72, 1, true);
    at = 76;
  }
  view.setUint32(at, 0x06054b50, true);
  view.setUint16(at + 8, Math.min(count, ZIP64_COUNT), true);
  view.setUint16(at + 10, Math.min(count, ZIP64_COUNT), true);
  view.setUint32(at + 12, Math.min(directorySize, ZIP64_SIZE), true);
  view.setUint32(at + 16, Math.min(directoryOffset, ZIP64_SIZE), true);
  return bytes;
}

/** Put a member's name as the archive has it; returns its bytes. */
function putName(into: Uint8Array, at: number, member: Member): number {
  const length = putUtf8(into, at, zipName(member));
  if (length > MAX_ZIP_NAME) throw new RangeError(`a path of ${length} bytes does not fit a ZIP`);
  return length;
}

/** The fields that local and central headers share, from "version needed" to the CRC. */
function common(into: Uint8Array, at: number, member: Member, stored: Stored, zip64: boolean): void {
  put16(into, at, zip64 ? 45 : member.kind === 'directory' || stored.method === DEFLATED ? 20 : 10);
  put16(into, at + 2, UTF8);
  put16(into, at + 4, stored.method);
  put32(into, at + 6, dosTime(member.modified));
  put32(into, at + 10, stored.crc);
}

/**
 * Sizes and offset as Zip64 has them, in the order of the extra field (APPNOTE 4.5.3): all three
 * where one needs it. Info-ZIP unzip 6.0 takes a field that is not there for there after a member
 * of exactly 2^32 - 1 bytes.
 */
function largeFields(stored: Stored, offset: number): readonly number[] {
  const fits = stored.size < ZIP64_SIZE && stored.compressed < ZIP64_SIZE && offset < ZIP64_SIZE;
  return fits ? NONE : [stored.size, stored.compressed, offset];
}

/** Returns the end. */
function zip64Extra(into: Uint8Array, at: number, values: readonly number[]): number {
  put16(into, at, 0x0001);
  put16(into, at + 2, values.length * 8);
  for (const [index, value] of values.entries()) put64(into, at + 4 + index * 8, value);
  return at + 4 + values.length * 8;
}

/** Extended timestamp: seconds since 1970 UTC, modification only (Info-ZIP extra 0x5455). Returns the end. */
function timeExtra(into: Uint8Array, at: number, member: Member): number {
  const seconds = Math.floor(member.modified / 1000);
  put16(into, at, 0x5455);
  put16(into, at + 2, 5);
  // Readers differ on whether the field is signed: a time that 31 bits cannot hold is left to the DOS field.
  const fits = seconds >= 0 && seconds <= 0x7fffffff;
  into[at + 4] = fits ? 1 : 0;
  put32(into, at + 5, fits ? seconds : 0);
  return at + 9;
}

/** MS-DOS date and time (APPNOTE 4.4.6), in UTC so that the bytes do not depend on the machine; 1980 to 2107. */
export function dosTime(milliseconds: number): number {
  const time = new Date(milliseconds);
  const year = time.getUTCFullYear();
  if (!(year >= 1980)) return (1 << 21) | (1 << 16);
  if (year > 2107) return ((127 << 25) | (12 << 21) | (31 << 16) | (23 << 11) | (59 << 5) | 29) >>> 0;
  const date = ((year - 1980) << 25) | ((time.getUTCMonth() + 1) << 21) | (time.getUTCDate() << 16);
  return (date | (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1)) >>> 0;
}

function put16(into: Uint8Array, at: number, value: number): void {
  into[at] = value & 255;
  into[at + 1] = value >>> 8;
}

function put32(into: Uint8Array, at: number, value: number): void {
  into[at] = value & 255;
  into[at + 1] = value >>> 8;
  into[at + 2] = value >>> 16;
  into[at + 3] = value >>> 24;
}

function put64(into: Uint8Array, at: number, value: number): void {
  put32(into, at, value % 0x100000000);
  put32(into, at + 4, Math.floor(value / 0x100000000));
}
