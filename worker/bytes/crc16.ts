const STEP = 8;
/** Tables of byte after byte, 256 entries each: in table n what a byte makes of the sum when n zeros follow it. */
const TABLES = tables();

/** CRC-16 with the polynomial x^16 + x^12 + x^5 + 1, from 0, of bytes `from` to `to` (ECMA-167 3/7.2.6): eight bytes a step. */
export function crc16(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  let at = from;
  for (const end = to - STEP; at <= end; at += STEP)
    crc =
      (TABLES[0x700 + ((crc >> 8) ^ (bytes[at] as number))] as number) ^
      (TABLES[0x600 + ((crc & 0xff) ^ (bytes[at + 1] as number))] as number) ^
      (TABLES[0x500 + (bytes[at + 2] as number)] as number) ^
      (TABLES[0x400 + (bytes[at + 3] as number)] as number) ^
      (TABLES[0x300 + (bytes[at + 4] as number)] as number) ^
      (TABLES[0x200 + (bytes[at + 5] as number)] as number) ^
      (TABLES[0x100 + (bytes[at + 6] as number)] as number) ^
      (TABLES[bytes[at + 7] as number] as number);
  for (; at < to; at++) crc = ((crc << 8) & 0xffff) ^ (TABLES[(crc >> 8) ^ (bytes[at] as number)] as number);
  return crc;
}

function tables(): Uint16Array {
  const all = new Uint16Array(STEP * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
    all[byte] = crc;
  }
  for (let at = 256; at < all.length; at++) {
    const before = all[at - 256] as number;
    all[at] = (before << 8) ^ (all[before >> 8] as number);
  }
  return all;
}
