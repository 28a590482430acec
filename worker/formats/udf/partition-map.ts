import type { Findings } from '../findings.ts';
import { entityName } from './entity.ts';
import type { LogicalVolumeDescriptor } from './volume-descriptors.ts';

/** Maps that are read of one volume; discs have one or two. */
const MAX_MAPS = 64;
/** Copies of a sparing table. */
const MAX_TABLES = 4;

/** Type 1: the partition as it lies on the medium (ECMA-167 3/10.7.2). */
interface PhysicalMap {
  readonly kind: 'physical';
  readonly number: number;
}
/** The virtual partition of write-once media (UDF 2.60 2.2.8). */
interface VirtualMap {
  readonly kind: 'virtual';
  readonly number: number;
}
/** The sparable partition of rewritable media (UDF 2.60 2.2.9). */
export interface SparableMap {
  readonly kind: 'sparable';
  readonly number: number;
  readonly packetBlocks: number;
  readonly tableSize: number;
  /** Sectors where the tables stand. */
  readonly tables: readonly number[];
}
/** The metadata partition (UDF 2.60 2.2.10). */
export interface MetadataMap {
  readonly kind: 'metadata';
  readonly number: number;
  readonly main: number;
  readonly mirror: number;
}
interface UnknownMap {
  readonly kind: 'unknown';
  readonly number: -1;
}
export type PartitionMap = PhysicalMap | VirtualMap | SparableMap | MetadataMap | UnknownMap;

/** The partition maps of a logical volume, in the order of their reference numbers (ECMA-167 3/10.7). */
export function readPartitionMaps(descriptor: LogicalVolumeDescriptor, findings: Findings): PartitionMap[] {
  const { maps: block } = descriptor;
  const maps: PartitionMap[] = [];
  let at = 0;
  while (maps.length < Math.min(descriptor.mapCount, MAX_MAPS) && at + 6 <= block.length) {
    const length = block.u8(at + 1);
    if (length < 6 || at + length > block.length) break;
    const map = block.u8(at) === 1 ? ({ kind: 'physical', number: block.u16le(at + 4) } as const) : readTypeTwo(descriptor, at, length);
    if (map.kind === 'unknown')
      findings.add(
        'damage',
        'partition-map',
        block.base + at,
        'ECMA-167 3/10.7',
        'A partition map is of no kind known here; what it holds cannot be found.',
      );
    maps.push(map);
    at += length;
  }
  if (maps.length < descriptor.mapCount)
    findings.add(
      'damage',
      'partition-maps',
      descriptor.offset + 264,
      'ECMA-167 3/10.6.8',
      `The logical volume claims ${descriptor.mapCount} partition maps in ${descriptor.mapLength} bytes; ${maps.length} can be read.`,
    );
  return maps;
}

function readTypeTwo({ maps: block }: LogicalVolumeDescriptor, at: number, length: number): PartitionMap {
  if (block.u8(at) !== 2 || length < 64) return { kind: 'unknown', number: -1 };
  const number = block.u16le(at + 38);
  switch (entityName(block, at + 4)) {
    case '*UDF Virtual Partition':
      return { kind: 'virtual', number };
    case '*UDF Sparable Partition': {
      const count = Math.min(block.u8(at + 42), MAX_TABLES);
      const tables = Array.from({ length: count }, (_, index) => block.u32le(at + 48 + index * 4));
      return { kind: 'sparable', number, packetBlocks: block.u16le(at + 40), tableSize: block.u32le(at + 44), tables };
    }
    case '*UDF Metadata Partition':
      return { kind: 'metadata', number, main: block.u32le(at + 40), mirror: block.u32le(at + 44) };
    default:
      return { kind: 'unknown', number: -1 };
  }
}
