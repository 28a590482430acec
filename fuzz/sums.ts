import { crc16 } from '../worker/bytes/crc16.ts';
import { crc32 } from '../worker/codec/crc32.ts';

/** A stretch of an image that a sum stands over. */
export interface Summed {
  readonly at: number;
  readonly length: number;
  /** Put the sum right again after a change; what no longer has room for one stays as it is. */
  readonly seal: (bytes: Uint8Array) => void;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * All that is summed in an image that is whole: tags of UDF (ECMA-167 3/7.2), headers of a GPT (UEFI 5.3.2) and validation
 * entries (El Torito 2.1). In the order in which they have to be sealed: what lies inside another goes first.
 */
export function findSums(bytes: Uint8Array): Summed[] {
  const found = [...tags(bytes), ...partitionTables(bytes), ...validationEntries(bytes)];
  return found.sort((a, b) => b.at - a.at);
}

/** Put right again the sums over any of these ranges. */
export function sealAll(bytes: Uint8Array, sums: readonly Summed[], changed: readonly (readonly [at: number, length: number])[]): void {
  for (const sum of sums) {
    const touched = changed.some(([at, length]) => at < sum.at + sum.length && at + length > sum.at);
    if (touched && sum.at + sum.length <= bytes.length) sum.seal(bytes);
  }
}

const TAG = 16;

function* tags(bytes: Uint8Array): Generator<Summed> {
  const view = viewOf(bytes);
  for (let at = 0; at + TAG <= bytes.length; at += 4) {
    if ((bytes[at + 2] !== 2 && bytes[at + 2] !== 3) || bytes[at + 5] !== 0) continue;
    const id = view.getUint16(at, true);
    if (!((id >= 1 && id <= 9) || (id >= 256 && id <= 266)) || tagSum(bytes, at) !== bytes[at + 4]) continue;
    const length = TAG + view.getUint16(at + 10, true);
    if (at + length <= bytes.length) yield { at, length, seal: (changed) => sealTag(changed, at) };
  }
}

function tagSum(bytes: Uint8Array, at: number): number {
  let sum = 0;
  for (let index = 0; index < TAG; index++) if (index !== 4) sum += bytes[at + index] as number;
  return sum & 255;
}

function sealTag(bytes: Uint8Array, at: number): void {
  const view = viewOf(bytes);
  const end = at + TAG + view.getUint16(at + 10, true);
  if (end <= bytes.length) view.setUint16(at + 8, crc16(bytes, at + TAG, end), true);
  bytes[at + 4] = tagSum(bytes, at);
}

const GPT = [0x45, 0x46, 0x49, 0x20, 0x50, 0x41, 0x52, 0x54]; // "EFI PART"
const GPT_HEADER = 92;
const MOST_ENTRIES = 64 * 1024;

function* partitionTables(bytes: Uint8Array): Generator<Summed> {
  const view = viewOf(bytes);
  for (let at = 512; at + 512 <= bytes.length; at += 512) {
    if (!GPT.every((byte, index) => bytes[at + index] === byte)) continue;
    const own = view.getUint32(at + 24, true);
    const blockSize = own === 1 ? at : 512;
    yield { at, length: GPT_HEADER, seal: (changed) => sealTable(changed, at, blockSize) };
    const entries = view.getUint32(at + 72, true) * blockSize;
    const length = view.getUint32(at + 80, true) * view.getUint32(at + 84, true);
    yield { at: entries, length, seal: (changed) => sealTable(changed, at, blockSize) };
  }
}

function sealTable(bytes: Uint8Array, at: number, blockSize: number): void {
  const view = viewOf(bytes);
  const from = view.getUint32(at + 72, true) * blockSize;
  const length = view.getUint32(at + 80, true) * view.getUint32(at + 84, true);
  if (length <= MOST_ENTRIES && from + length <= bytes.length) view.setUint32(at + 88, crc32(bytes.subarray(from, from + length)), true);
  const size = view.getUint32(at + 12, true);
  if (size < GPT_HEADER || size > 512) return;
  view.setUint32(at + 16, 0, true);
  view.setUint32(at + 16, crc32(bytes.subarray(at, at + size)), true);
}

const SECTOR = 2048;
const VALIDATION = 32;

function* validationEntries(bytes: Uint8Array): Generator<Summed> {
  for (let at = 16 * SECTOR; at + SECTOR <= bytes.length; at += SECTOR) {
    if (bytes[at] !== 1 || bytes[at + 30] !== 0x55 || bytes[at + 31] !== 0xaa || wordSum(bytes, at) !== 0) continue;
    yield { at, length: VALIDATION, seal: (changed) => sealValidation(changed, at) };
  }
}

function wordSum(bytes: Uint8Array, at: number): number {
  const view = viewOf(bytes);
  let sum = 0;
  for (let index = 0; index < VALIDATION; index += 2) sum += view.getUint16(at + index, true);
  return sum & 0xffff;
}

function sealValidation(bytes: Uint8Array, at: number): void {
  const view = viewOf(bytes);
  view.setUint16(at + 28, 0, true);
  view.setUint16(at + 28, (0x10000 - wordSum(bytes, at)) & 0xffff, true);
}
