/** CRC-32 as ZIP and gzip want it (APPNOTE 4.4.7, RFC 1952 8): tables of sixteen bytes a step. */

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index lies inside by its mask, and checks would halve the speed */

const SLICES = 16;
const TABLE = makeTable();

function makeTable(): Uint32Array {
  const table = new Uint32Array(256 * SLICES);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    table[byte] = value;
  }
  for (let index = 256; index < table.length; index++) {
    const before = table[index - 256] as number;
    table[index] = (before >>> 8) ^ (table[before & 255] as number);
  }
  return table;
}

/** The CRC-32 of what `crc` stands for (0 for nothing) followed by `bytes`. */
export function crc32(bytes: Uint8Array, crc = 0): number {
  const table = TABLE as unknown as { readonly [index: number]: number };
  const view = bytes as unknown as { readonly [index: number]: number };
  let value = ~crc;
  let at = 0;
  for (const end = bytes.length - SLICES; at <= end; at += SLICES) {
    value ^= view[at]! | (view[at + 1]! << 8) | (view[at + 2]! << 16) | (view[at + 3]! << 24);
    value =
      table[0xf00 | (value & 255)]! ^
      table[0xe00 | ((value >>> 8) & 255)]! ^
      table[0xd00 | ((value >>> 16) & 255)]! ^
      table[0xc00 | (value >>> 24)]! ^
      table[0xb00 | view[at + 4]!]! ^
      table[0xa00 | view[at + 5]!]! ^
      table[0x900 | view[at + 6]!]! ^
      table[0x800 | view[at + 7]!]! ^
      table[0x700 | view[at + 8]!]! ^
      table[0x600 | view[at + 9]!]! ^
      table[0x500 | view[at + 10]!]! ^
      table[0x400 | view[at + 11]!]! ^
      table[0x300 | view[at + 12]!]! ^
      table[0x200 | view[at + 13]!]! ^
      table[0x100 | view[at + 14]!]! ^
      table[view[at + 15]!]!;
  }
  for (; at < bytes.length; at++) value = (value >>> 8) ^ table[(value ^ view[at]!) & 255]!;
  return ~value >>> 0;
}

/** x^(2^n) modulo the polynomial, by n: what 2^n zero bits do to a sum. */
const SQUARES = makeSquares();

function makeSquares(): Uint32Array {
  const squares = new Uint32Array(32);
  squares[0] = 0x40000000;
  for (let index = 1; index < squares.length; index++) squares[index] = product(squares[index - 1]!, squares[index - 1]!);
  return squares;
}

/** The product of two polynomials modulo that of the CRC; the highest bit is x^0. */
function product(a: number, b: number): number {
  let result = 0;
  for (let bit = 0x80000000, rest = b; bit !== 0; bit >>>= 1) {
    if (a & bit) result ^= rest;
    rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  }
  return result >>> 0;
}

/** The CRC-32 of bytes of the sum `first`, followed by `length` bytes of the sum `second`. */
export function crc32Joined(first: number, second: number, length: number): number {
  let power = 0x80000000;
  // The powers of x repeat after 2^32 - 1: only so many bits of the length count, by halves.
  for (let left = length, index = 3; left > 0; left = Math.floor(left / 2), index = (index + 1) & 31) {
    if (left % 2 === 1) power = product(SQUARES[index]!, power);
  }
  return (product(power, first) ^ second) >>> 0;
}
