import { unzlibSync } from 'fflate';
import type { Block } from '../bytes/block.ts';
import { ImageError } from '../protocol/errors.ts';

const MAGIC_1 = [0x37, 0xe4, 0x53, 0x96, 0xc9, 0xdb, 0xd6, 0x07] as const;
const MAGIC_2 = [0xef, 0x22, 0x55, 0xa1, 0xbc, 0x1b, 0x95, 0xa0] as const;
/** Exponents of the block size: both texts name 15 to 17; libisofs writes up to 20 in version 2. */
const LEAST_SHIFT = 15;
const MOST_SHIFT_1 = 17;
const MOST_SHIFT_2 = 20;
const ZLIB = 1;

/** Bytes in which either header stands. */
export const ZISOFS_HEADER = 24;

/** The header of a compressed file (zisofs, zisofs2: file header). */
export interface ZisofsHeader {
  /** Bytes of one block pointer: 4 in version 1, 8 in version 2. */
  readonly pointerSize: 4 | 8;
  /** Where the block pointers begin. */
  readonly table: number;
  readonly blockSize: number;
  readonly blocks: number;
}

/** An ImageError that says what is wrong with a compressed file. */
export function zisofsError(name: string, what: string): ImageError {
  return new ImageError('zisofs', `“${name}” ${what}.`, null, 'zisofs');
}

/** Read the header of a file of `size` bytes by its record, stored in `storedSize` bytes; throws ImageError where the two cannot go together (zisofs, zisofs2: file header). */
export function readZisofsHeader(block: Block, size: number, storedSize: number, name: string): ZisofsHeader {
  const starts = (magic: readonly number[]): boolean => magic.every((byte, at) => block.bytes[at] === byte);
  if (block.length >= 16 && starts(MAGIC_1)) {
    return layout(block.u32le(8), 4, block.u8(12) * 4, block.u8(13), MOST_SHIFT_1, size, storedSize, name);
  }
  if (block.length < ZISOFS_HEADER || !starts(MAGIC_2))
    throw zisofsError(name, 'is marked as compressed, but does not begin as such a file does');
  if (block.u8(10) !== ZLIB) throw zisofsError(name, `is compressed by algorithm ${block.u8(10)}, which is not read`);
  return layout(block.u32le(12) + block.u32le(16) * 2 ** 32, 8, block.u8(9) * 4, block.u8(11), MOST_SHIFT_2, size, storedSize, name);
}

function layout(
  own: number,
  pointerSize: 4 | 8,
  table: number,
  shift: number,
  mostShift: number,
  size: number,
  storedSize: number,
  name: string,
): ZisofsHeader {
  if (own !== size) throw zisofsError(name, `is ${size} bytes long by its record and ${own} by its own header`);
  if (shift < LEAST_SHIFT || shift > mostShift) throw zisofsError(name, `has blocks of 2^${shift} bytes`);
  if (table < (pointerSize === 4 ? 16 : 24)) throw zisofsError(name, `has a header of ${table} bytes`);
  const blockSize = 2 ** shift;
  const blocks = Math.ceil(size / blockSize);
  // A table that does not fit proves the size a lie before anything is allocated for it.
  if (table + (blocks + 1) * pointerSize > storedSize)
    throw zisofsError(name, `promises ${size} bytes, and its ${storedSize} stored ones have no room for their pointers`);
  return { pointerSize, table, blockSize, blocks };
}

/** The pointer of that number in a part of the table. */
export function readPointer(block: Block, { pointerSize }: ZisofsHeader, index: number): number {
  return pointerSize === 4 ? block.u32le(index * 4) : block.u32le(index * 8) + block.u32le(index * 8 + 4) * 2 ** 32;
}

/** Most stored bytes of a block: zlib adds a few to what it cannot shrink, and never doubles it. */
export function mostStored({ blockSize }: ZisofsHeader): number {
  return blockSize * 2 + 1024;
}

/** The `length` bytes that a stored block decodes to, exactly, with the right checksum; no bytes are zeros (zisofs: zero-length blocks). */
export function decodeZisofsBlock(stored: Uint8Array, length: number, name: string): Uint8Array {
  if (stored.length === 0) return new Uint8Array(length);
  let bytes: Uint8Array;
  try {
    // One byte more than wanted: fflate stops at the end of a given buffer, and too much must be seen.
    bytes = unzlibSync(stored, { out: new Uint8Array(length + 1) });
  } catch (error) {
    throw zisofsError(name, `has a damaged block (${error instanceof Error ? error.message : String(error)})`);
  }
  if (bytes.length !== length) throw zisofsError(name, `has a block that does not give its ${length} bytes`);
  const [a = 0, b = 0, c = 0, d = 0] = stored.subarray(-4);
  if (adler32(bytes) !== a * 2 ** 24 + ((b << 16) | (c << 8) | d)) throw zisofsError(name, 'has a block whose checksum is wrong');
  return bytes;
}

/** Bytes after which the sums of Adler-32 have to be reduced (RFC 1950 9). */
const ADLER_RUN = 3800;

/** The checksum behind a zlib stream, which fflate passes over (RFC 1950 8.2). */
function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (let at = 0; at < bytes.length;) {
    for (const end = Math.min(at + ADLER_RUN, bytes.length); at < end; at++) {
      low += bytes[at] as number;
      high += low;
    }
    low %= 65521;
    high %= 65521;
  }
  return high * 65536 + low;
}
