import type { Summed } from './sums.ts';

/** A stretch of few bytes that decides much. */
export interface Spot {
  readonly at: number;
  readonly length: number;
}

const SECTOR = 2048;
const holds = (bytes: Uint8Array, at: number, mark: readonly number[]): boolean => mark.every((byte, index) => bytes[at + index] === byte);

const CD001 = [0x43, 0x44, 0x30, 0x30, 0x31];
/** Sizes, path tables and the root's record in a volume descriptor (ECMA-119 8.4). */
const DESCRIPTOR = { from: 80, length: 110 };
const ZISOFS = [0x37, 0xe4, 0x53, 0x96, 0xc9, 0xdb, 0xd6, 0x07];
const MBR_TABLE = 446;
/** Names of wrappings: CISO, ZISO. */
const ISO_WRAPPED = [0x49, 0x53, 0x4f];
/** Bytes of a summed structure: its fields stand in front; behind a validation entry follow the entries of its catalog. */
const LEAST = 128;
const MOST = 512;

/** Fields that a change anywhere would seldom hit: of what is summed, descriptors, partition tables, headers of wrappings and of zisofs. */
export function findSpots(bytes: Uint8Array, sums: readonly Summed[]): Spot[] {
  const spots: Spot[] = sums.map(({ at, length }) => ({ at, length: Math.min(Math.max(length, LEAST), MOST) }));
  if (holds(bytes, 1, ISO_WRAPPED)) spots.push({ at: 0, length: 32 });
  if (bytes[510] === 0x55 && bytes[511] === 0xaa) spots.push({ at: MBR_TABLE, length: 64 });
  for (let at = 0; at < bytes.length; at += SECTOR) {
    if (holds(bytes, at + 1, CD001)) spots.push({ at: at + DESCRIPTOR.from, length: DESCRIPTOR.length });
    if (holds(bytes, at, ZISOFS)) spots.push({ at: at + ZISOFS.length, length: 16 });
  }
  return spots.filter(({ at, length }) => at + length <= bytes.length);
}
