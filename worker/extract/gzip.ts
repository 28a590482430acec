/** The frame of a gzip member (RFC 1952 2.3): no name and no time, so that the bytes depend on the contents alone. */

const DEFLATE = 8;
/** Made on no system that is known (RFC 1952 2.3.1, OS). */
const UNKNOWN_SYSTEM = 255;

export const GZIP_HEADER: Uint8Array = Uint8Array.of(0x1f, 0x8b, DEFLATE, 0, 0, 0, 0, 0, 0, UNKNOWN_SYSTEM);

/** What ends the member: the CRC-32 of its contents, and their size modulo 2^32. */
export function gzipTrailer(crc: number, size: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, crc, true);
  view.setUint32(4, size % 2 ** 32, true);
  return bytes;
}
