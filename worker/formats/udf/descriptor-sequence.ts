import { Block } from '../../bytes/block.ts';
import type { ByteSource } from '../../source/source.ts';
import type { Findings } from '../findings.ts';
import { readExtentAd, type ExtentAd } from './anchor.ts';
import { checkTag, isTag, readTag, TAGS } from './tag.ts';
import {
  readLogicalVolume,
  readPartition,
  readPrimaryVolume,
  type LogicalVolumeDescriptor,
  type PartitionDescriptor,
  type PrimaryVolumeDescriptor,
} from './volume-descriptors.ts';

/** Descriptors read of one sequence; the standard's example has 16 sectors. */
const MAX_DESCRIPTORS = 512;
/** Pointers to a further extent that are followed (ECMA-167 3/10.3). */
const MAX_POINTERS = 16;
/** Bytes of all that the fields of a descriptor take. */
const DESCRIPTOR = 512;

/** The descriptors that prevail: those with the highest volume descriptor sequence number (ECMA-167 3/8.4.3). */
export interface DescriptorSequence {
  readonly primary: PrimaryVolumeDescriptor | null;
  readonly logical: LogicalVolumeDescriptor | null;
  /** By partition number. */
  readonly partitions: ReadonlyMap<number, PartitionDescriptor>;
}

/** Whether a file system can be looked for by these descriptors. */
export function isSound({ logical, partitions }: DescriptorSequence): boolean {
  return logical !== null && partitions.size > 0;
}

/** What one lacks, from the other. */
export function joinSequences(first: DescriptorSequence, second: DescriptorSequence): DescriptorSequence {
  return {
    primary: first.primary ?? second.primary,
    logical: first.logical ?? second.logical,
    partitions: new Map([...second.partitions, ...first.partitions]),
  };
}

/** Read a volume descriptor sequence: to its terminator, an unrecorded sector, or its end, over pointers (ECMA-167 3/8.4.2). */
export async function readSequence(
  near: ByteSource,
  extent: ExtentAd,
  sectorSize: number,
  findings: Findings,
  signal?: AbortSignal,
): Promise<DescriptorSequence> {
  let primary: PrimaryVolumeDescriptor | null = null;
  let logical: LogicalVolumeDescriptor | null = null;
  const partitions = new Map<number, PartitionDescriptor>();
  const visited = new Set<number>();
  let next: ExtentAd | null = extent;
  for (let pointers = 0; next && !visited.has(next.block); pointers++) {
    visited.add(next.block);
    const window = await readExtent(near, next, sectorSize, signal);
    next = null;
    for (let at = 0; at + DESCRIPTOR <= window.length; at += sectorSize) {
      const tag = readTag(window, at);
      if (tag.id === TAGS.terminating || (tag.id === 0 && tag.checksumRight)) break;
      if (tag.id < 1 || tag.id > 7 || !isTag(window, at, tag.id)) {
        findings.add(
          'damage',
          'volume-descriptor',
          window.base + at,
          'ECMA-167 3/8.4.2',
          'A sector of the volume descriptor sequence holds no descriptor.',
        );
        continue;
      }
      checkTag(window, at, Math.min(window.length - at, sectorSize), (window.base + at) / sectorSize, 'a volume descriptor', findings);
      if (tag.id === TAGS.volumePointer) {
        const pointer = readExtentAd(window, at + 20);
        if (pointers >= MAX_POINTERS || visited.has(pointer.block))
          findings.add(
            'damage',
            'descriptor-loop',
            window.base + at,
            'ECMA-167 3/8.4.2',
            'The volume descriptor sequence leads back to itself; it was read once.',
          );
        else next = pointer;
        break;
      }
      if (tag.id === TAGS.primaryVolume) primary = later(primary, readPrimaryVolume(window, at));
      else if (tag.id === TAGS.logicalVolume)
        logical = later(logical, readLogicalVolume(window, at, Math.min(window.length - at, sectorSize)));
      else if (tag.id === TAGS.partition) {
        const partition = readPartition(window, at);
        partitions.set(partition.number, later(partitions.get(partition.number) ?? null, partition));
      } else if (tag.id === TAGS.unallocatedSpace) {
        // The one descriptor that may be longer than a sector (ECMA-167 3/10.8).
        at += Math.floor(Math.min(24 + window.u32le(at + 20) * 8 - 1, window.length) / sectorSize) * sectorSize;
      }
    }
  }
  return { primary, logical, partitions };
}

function later<T extends { readonly sequence: number }>(known: T | null, found: T): T {
  return known && known.sequence > found.sequence ? known : found;
}

/** The extent as far as the image holds it and a bound allows. */
async function readExtent(near: ByteSource, extent: ExtentAd, sectorSize: number, signal?: AbortSignal): Promise<Block> {
  const offset = extent.block * sectorSize;
  const length = Math.max(0, Math.min(extent.length, MAX_DESCRIPTORS * sectorSize, near.size - offset));
  const whole = length - (length % sectorSize);
  return new Block(whole > 0 ? await near.read(offset, whole, signal) : new Uint8Array(0), offset);
}
