import { Block } from '../../bytes/block.ts';
import type { ImagePartition } from '../../protocol/partition.ts';
import type { ByteSource } from '../../source/source.ts';

/** Bytes of a sector as an MBR counts them. */
export const DISK_SECTOR = 512;
/** Logical partitions that are followed; a chain that is longer, or returns, ends there. */
const MAX_LOGICAL = 128;
const TABLE = 446;
const ENTRIES = 4;

/** The record that says: what follows is a GPT (UEFI 5.2.3). */
const PROTECTIVE = 0xee;
const EXTENDED: readonly number[] = [0x05, 0x0f, 0x85];

const TYPES: Readonly<Record<number, string>> = {
  0x01: 'FAT12',
  0x04: 'FAT16',
  0x06: 'FAT16',
  0x07: 'NTFS or exFAT',
  0x0b: 'FAT32',
  0x0c: 'FAT32',
  0x0e: 'FAT16',
  0x17: 'hidden NTFS (as isohybrid marks a whole disc)',
  0x82: 'Linux swap',
  0x83: 'Linux',
  0x96: 'ISO 9660',
  0xa5: 'FreeBSD',
  0xaf: 'HFS',
  0xcd: 'ISO 9660',
  0xef: 'EFI system',
};

/** One record of an MBR (UEFI 5.2.1). */
export interface PartitionRecord {
  readonly type: number;
  /** In sectors of 512 bytes: from the disk's first, or from what the extended partition says. */
  readonly start: number;
  readonly sectors: number;
}

/** The records of a sector; null where it is no MBR: another signature, or a boot indicator that is none (UEFI 5.2.1). */
export function readRecords(block: Block): readonly PartitionRecord[] | null {
  if (block.length < DISK_SECTOR || block.u16le(510) !== 0xaa55) return null;
  const records: PartitionRecord[] = [];
  for (let index = 0; index < ENTRIES; index++) {
    const at = TABLE + index * 16;
    // A FAT volume's first sector has the same signature, and code or text where the table would be.
    if (block.u8(at) !== 0 && block.u8(at) !== 0x80) return null;
    records.push({ type: block.u8(at + 4), start: block.u32le(at + 8), sectors: block.u32le(at + 12) });
  }
  return records;
}

/** The partitions of an MBR with the logical ones of its extended partition; empty where there is no MBR. */
export async function mbrPartitions(source: ByteSource, signal?: AbortSignal): Promise<ImagePartition[]> {
  const records = await recordsAt(source, 0, signal);
  const partitions: ImagePartition[] = [];
  let logical: PartitionRecord | null = null;
  for (const [index, record] of (records ?? []).entries()) {
    if (record.type === PROTECTIVE || (record.type === 0 && record.sectors === 0)) continue;
    if (EXTENDED.includes(record.type)) logical ??= record;
    else if (inside(source, record.start, record.sectors)) partitions.push(partitionOf(index + 1, record, 0));
  }
  return logical ? [...partitions, ...(await logicalPartitions(source, logical.start, signal))] : partitions;
}

/** Each link of the chain names one partition, from itself on, and the next link, from the extended partition on. */
async function logicalPartitions(source: ByteSource, extended: number, signal?: AbortSignal): Promise<ImagePartition[]> {
  const partitions: ImagePartition[] = [];
  const visited = new Set<number>();
  let at = extended;
  while (!visited.has(at) && visited.size < MAX_LOGICAL) {
    visited.add(at);
    const [record, next] = (await recordsAt(source, at, signal)) ?? [];
    if (record && record.sectors > 0 && inside(source, at + record.start, record.sectors))
      partitions.push(partitionOf(5 + partitions.length, record, at));
    if (!next || next.sectors === 0 || !EXTENDED.includes(next.type)) break;
    at = extended + next.start;
  }
  return partitions;
}

async function recordsAt(source: ByteSource, sector: number, signal?: AbortSignal): Promise<readonly PartitionRecord[] | null> {
  const offset = sector * DISK_SECTOR;
  if (offset + DISK_SECTOR > source.size) return null;
  return readRecords(new Block(await source.read(offset, DISK_SECTOR, signal), offset));
}

/** A partition that begins behind the image's end is of another disk. */
function inside(source: ByteSource, start: number, sectors: number): boolean {
  return sectors > 0 && start * DISK_SECTOR < source.size;
}

function partitionOf(number: number, { type, start, sectors }: PartitionRecord, base: number): ImagePartition {
  return {
    scheme: 'mbr',
    number,
    offset: (base + start) * DISK_SECTOR,
    size: sectors * DISK_SECTOR,
    // Isohybrid gives its own partition the type 0.
    type: TYPES[type] ?? `type 0x${type.toString(16).padStart(2, '0')}`,
    name: '',
  };
}
