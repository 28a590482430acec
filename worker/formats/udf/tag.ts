import type { Block } from '../../bytes/block.ts';
import { crc16 } from '../../bytes/crc16.ts';
import type { Findings } from '../findings.ts';

/** Bytes of a descriptor tag (ECMA-167 3/7.2, 4/7.2). */
export const TAG = 16;

/** Tag identifiers (ECMA-167 3/7.2.1, 4/7.2.1). */
export const TAGS = {
  primaryVolume: 1,
  anchor: 2,
  volumePointer: 3,
  implementationUse: 4,
  partition: 5,
  logicalVolume: 6,
  unallocatedSpace: 7,
  terminating: 8,
  integrity: 9,
  fileSet: 256,
  fileIdentifier: 257,
  allocationExtent: 258,
  indirectEntry: 259,
  terminalEntry: 260,
  fileEntry: 261,
  attributeHeader: 262,
  extendedFileEntry: 266,
} as const;

/** The tag of a descriptor, with what its sums say (ECMA-167 3/7.2). */
export interface Tag {
  readonly id: number;
  readonly version: number;
  readonly crcLength: number;
  /** Number of the block that the descriptor says it stands in. */
  readonly location: number;
  readonly checksumRight: boolean;
}

/** Whether 16 bytes add up as a tag (ECMA-167 3/7.2.3): quick, to tell a descriptor from other bytes. */
export function isTag(block: Block, at: number, id: number): boolean {
  return at + TAG <= block.length && block.u16le(at) === id && checksum(block.bytes, at) === block.bytes[at + 4];
}

export function readTag(block: Block, at: number): Tag {
  return {
    id: block.u16le(at),
    version: block.u16le(at + 2),
    crcLength: block.u16le(at + 10),
    location: block.u32le(at + 12),
    checksumRight: checksum(block.bytes, at) === block.bytes[at + 4],
  };
}

function checksum(bytes: Uint8Array, at: number): number {
  let sum = 0;
  for (let index = at; index < at + TAG; index++) sum += bytes[index] as number;
  return (sum - (bytes[at + 4] as number)) & 0xff;
}

/** Whether a descriptor's CRC agrees with its bytes, of which `limit` are there; a length of 0 covers none (ECMA-167 3/7.2.6). */
export function isCrcRight(block: Block, at: number, limit: number): boolean {
  const length = block.u16le(at + 10);
  if (length === 0) return true;
  if (TAG + length > limit) return false;
  return crc16(block.bytes, at + TAG, at + TAG + length) === block.u16le(at + 8);
}

/** Whether a descriptor's sums are right and it stands in the block it names: then there is nothing to tell of its tag. */
export function isSound(block: Block, at: number, limit: number, location: number): boolean {
  return checksum(block.bytes, at) === block.bytes[at + 4] && block.u32le(at + 12) === location && isCrcRight(block, at, limit);
}

/**
 * Tell of a tag whose sums or location are wrong: what it describes is used all the same. A location
 * of null is not compared. Returns false where something was wrong with the sums.
 */
export function checkTag(block: Block, at: number, limit: number, location: number | null, what: string, findings: Findings): boolean {
  const tag = readTag(block, at);
  const offset = block.base + at;
  let right = true;
  if (!tag.checksumRight) {
    findings.add(
      'damage',
      'tag-checksum',
      offset,
      'ECMA-167 3/7.2.3',
      `The tag of ${what} has a wrong checksum; its fields were used as they are.`,
    );
    right = false;
  } else if (!isCrcRight(block, at, limit)) {
    findings.add(
      'damage',
      'tag-crc',
      offset,
      'ECMA-167 3/7.2.6',
      `The CRC of ${what} disagrees with its bytes; its fields were used as they are.`,
    );
    right = false;
  }
  if (location !== null && tag.location !== location)
    findings.add(
      'warning',
      'tag-location',
      offset,
      'ECMA-167 3/7.2.8',
      `The tag of ${what} says that it stands in block ${tag.location}; it stands in ${location}.`,
    );
  return right;
}
