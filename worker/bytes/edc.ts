/** x^32 + x^31 + x^16 + x^15 + x^4 + x^3 + x + 1, bits reversed (ECMA-130 14.3). */
const POLYNOMIAL = 0xd8018001;
const SLICES = 4;

/** Four tables: what a byte does to the sum when 0, 1, 2 or 3 bytes follow it. */
const TABLE = makeTable();

function makeTable(): Uint32Array {
  const table = new Uint32Array(256 * SLICES);
  for (let byte = 0; byte < 256; byte++) {
    let sum = byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ POLYNOMIAL : sum >>> 1;
    table[byte] = sum;
  }
  for (let index = 256; index < table.length; index++) {
    const before = table[index - 256] as number;
    table[index] = (before >>> 8) ^ (table[before & 0xff] as number);
  }
  return table;
}

/** The error detection code of a part of a sector (ECMA-130 14.3). */
export function edc(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0;
  let at = from;
  for (; at + SLICES <= to; at += SLICES) {
    sum ^= (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
    sum =
      (TABLE[768 + (sum & 0xff)] as number) ^
      (TABLE[512 + ((sum >>> 8) & 0xff)] as number) ^
      (TABLE[256 + ((sum >>> 16) & 0xff)] as number) ^
      (TABLE[sum >>> 24] as number);
  }
  for (; at < to; at++) sum = (sum >>> 8) ^ (TABLE[(sum ^ (bytes[at] as number)) & 0xff] as number);
  return sum >>> 0;
}
