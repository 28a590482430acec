import type { Block } from '../../bytes/block.ts';
import { readExtentAd, type ExtentAd } from './anchor.ts';
import { textOfDstring } from './cs0.ts';
import { entityName, revisionOf } from './entity.ts';
import { isZoneKnown, readTimestamp } from './timestamp.ts';

/** Primary volume descriptor (ECMA-167 3/10.1). */
export interface PrimaryVolumeDescriptor {
  readonly offset: number;
  readonly sequence: number;
  readonly label: string;
  readonly setLabel: string;
  readonly volumeNumber: number;
  readonly application: string;
  readonly implementation: string;
  /** Milliseconds since 1970 UTC; NaN where not recorded. */
  readonly recorded: number;
  readonly zoneKnown: boolean;
}

export function readPrimaryVolume(block: Block, at: number): PrimaryVolumeDescriptor {
  return {
    offset: block.base + at,
    sequence: block.u32le(at + 16),
    label: textOfDstring(block.part(at + 24, 32)),
    volumeNumber: block.u16le(at + 56),
    setLabel: textOfDstring(block.part(at + 72, 128)),
    application: entityName(block, at + 344),
    recorded: readTimestamp(block, at + 376),
    zoneKnown: isZoneKnown(block, at + 376),
    implementation: entityName(block, at + 388),
  };
}

/** Partition descriptor (ECMA-167 3/10.5). */
export interface PartitionDescriptor {
  readonly offset: number;
  readonly sequence: number;
  readonly number: number;
  readonly contents: string;
  readonly accessType: number;
  /** First sector and how many of them. */
  readonly start: number;
  readonly sectors: number;
}

export function readPartition(block: Block, at: number): PartitionDescriptor {
  return {
    offset: block.base + at,
    sequence: block.u32le(at + 16),
    number: block.u16le(at + 22),
    contents: entityName(block, at + 24),
    accessType: block.u32le(at + 184),
    start: block.u32le(at + 188),
    sectors: block.u32le(at + 192),
  };
}

/** Bytes of a logical volume descriptor before its partition maps. */
const MAPS = 440;

/** Logical volume descriptor (ECMA-167 3/10.6). */
export interface LogicalVolumeDescriptor {
  readonly offset: number;
  readonly sequence: number;
  readonly label: string;
  readonly blockSize: number;
  readonly domain: string;
  /** "2.01"; empty where the domain names none. */
  readonly revision: string;
  /** Extent of the file set descriptors: bytes, block, partition reference (ECMA-167 4/3.1). */
  readonly fileSet: { readonly length: number; readonly block: number; readonly partition: number };
  readonly mapCount: number;
  /** Bytes of the partition maps by the descriptor, and the part that stands in it. */
  readonly mapLength: number;
  readonly maps: Block;
  readonly implementation: string;
  readonly integrity: ExtentAd;
}

/** `limit` bytes from `at` belong to the descriptor. */
export function readLogicalVolume(block: Block, at: number, limit: number): LogicalVolumeDescriptor {
  const mapLength = block.u32le(at + 264);
  return {
    offset: block.base + at,
    sequence: block.u32le(at + 16),
    label: textOfDstring(block.part(at + 84, 128)),
    blockSize: block.u32le(at + 212),
    domain: entityName(block, at + 216),
    revision: revisionOf(block, at + 216),
    fileSet: { length: block.u32le(at + 248) & 0x3fffffff, block: block.u32le(at + 252), partition: block.u16le(at + 256) },
    mapLength,
    mapCount: block.u32le(at + 268),
    implementation: entityName(block, at + 272),
    integrity: readExtentAd(block, at + 432),
    maps: block.slice(at + MAPS, Math.max(0, Math.min(mapLength, limit - MAPS))),
  };
}
