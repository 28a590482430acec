import { concat } from '../../bytes/concat.ts';
import { BytesSource } from '../../source/bytes.ts';
import type { ByteSource } from '../../source/source.ts';

/** Raw sectors as a CD recorder writes them, for tests: by the standard's text, not by the code under test. */

const SYNC = Uint8Array.of(0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0);

const toBcd = (value: number): number => (Math.floor(value / 10) << 4) | (value % 10);

/** The error detection code bit by bit (ECMA-130 14.3). */
function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xd8018001 : sum >>> 1;
  }
  return sum >>> 0;
}

/** One sector of 2,352 bytes. */
export function rawSector(mode: 1 | 2, contents: Uint8Array, sector: number, form2 = false): Uint8Array {
  const bytes = new Uint8Array(2352);
  const address = sector + 150;
  bytes.set(SYNC);
  bytes.set([Math.floor(address / 4500), Math.floor(address / 75) % 60, address % 75].map(toBcd), 12);
  bytes[15] = mode;
  if (mode === 2) bytes.set([0, 0, form2 ? 0x20 : 8, 0, 0, 0, form2 ? 0x20 : 8, 0], 16);
  bytes.set(contents, mode === 1 ? 16 : 24);
  const [from, to] = mode === 1 ? [0, 2064] : [16, form2 ? 2348 : 2072];
  new DataView(bytes.buffer).setUint32(to, sumOf(bytes.subarray(from, to)), true);
  return bytes;
}

/** An image of 2,048-byte sectors as raw ones; `cut` takes what is stored of each. */
export function rawImage(plain: Uint8Array, mode: 1 | 2, cut = (sector: Uint8Array): Uint8Array => sector, first = 0): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < plain.length; at += 2048) parts.push(cut(rawSector(mode, plain.subarray(at, at + 2048), first + at / 2048)));
  return concat(parts);
}

/** A primary descriptor in sector 16 and a root directory in sector 18, by their own count from `first`. */
export function tinyDisc(first = 0, sectors = 24): Uint8Array {
  const bytes = new Uint8Array(sectors * 2048);
  const view = new DataView(bytes.buffer);
  const text = (at: number, word: string): void => bytes.set(new TextEncoder().encode(word), at);
  const both16 = (at: number, value: number): void => (view.setUint16(at, value, true), view.setUint16(at + 2, value));
  const both32 = (at: number, value: number): void => (view.setUint32(at, value, true), view.setUint32(at + 4, value));
  const record = (at: number, name: number): void => {
    bytes[at] = 34;
    both32(at + 2, first + 18);
    both32(at + 10, 2048);
    bytes[at + 25] = 2;
    both16(at + 28, 1);
    bytes[at + 32] = 1;
    bytes[at + 33] = name;
  };
  const descriptor = 16 * 2048;
  bytes[descriptor] = 1;
  text(descriptor + 1, 'CD001\x01');
  text(descriptor + 40, 'TINY'.padEnd(32));
  both32(descriptor + 80, sectors);
  both16(descriptor + 120, 1);
  both16(descriptor + 124, 1);
  both16(descriptor + 128, 2048);
  record(descriptor + 156, 0);
  bytes[descriptor + 881] = 1;
  bytes[descriptor + 2048] = 255;
  text(descriptor + 2049, 'CD001\x01');
  record(18 * 2048, 0);
  record(18 * 2048 + 34, 1);
  for (let at = 19 * 2048; at < bytes.length; at++) bytes[at] = (at * 2654435761) >>> 13;
  return bytes;
}

export function named(name: string, bytes: Uint8Array | string): ByteSource {
  return new BytesSource(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes, name);
}

export function allOf(source: ByteSource): Promise<Uint8Array> {
  return source.read(0, source.size);
}

/** Whether bytes are equal: a comparison of matchers takes seconds for as many. */
export function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.length).equals(b);
}
