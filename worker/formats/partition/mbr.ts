import { Block } from '../../bytes/block.ts';
import type { MbrRecordReport } from '../../protocol/boot.ts';
import type { ByteSource } from '../../source/source.ts';

/** Bytes of a sector as an MBR counts them. */
export const DISK_SECTOR = 512;
/** Logical partitions that are followed; a chain that is longer, or returns, ends there. */
const MAX_LOGICAL = 128;
const TABLE = 446;
const ENTRIES = 4;
/** Where isohybrid and GRUB 2 keep the place of the boot image, in 512-byte sectors. */
const BOOT_PLACE = 432;

/** The record that says: what follows is a GPT (UEFI 5.2.3). */
export const PROTECTIVE = 0xee;
const EXTENDED: readonly number[] = [0x05, 0x0f, 0x85];

const TYPES: Readonly<Record<number, string>> = {
  0x00: 'type 0x00', // Isohybrid gives its own partition the type 0.
  0x01: 'FAT12',
  0x04: 'FAT16',
  0x06: 'FAT16',
  0x07: 'NTFS or exFAT',
  0x0b: 'FAT32',
  0x0c: 'FAT32',
  0x0e: 'FAT16',
  0x17: 'hidden NTFS (as isohybrid marks a whole disc)',
  0x41: 'PReP boot',
  0x82: 'Linux swap',
  0x83: 'Linux',
  0x96: 'ISO 9660',
  0xa5: 'FreeBSD',
  0xaf: 'HFS',
  0xcd: 'ISO 9660',
  0xee: 'GPT, protected',
  0xef: 'EFI system',
};

/** One record of an MBR with the end of its partition in cylinders, heads and sectors (UEFI 5.2.1). */
export interface PartitionRecord {
  readonly status: number;
  readonly type: number;
  /** In sectors of 512 bytes: from the disk's first, or from what the extended partition says. */
  readonly start: number;
  readonly sectors: number;
  readonly endHead: number;
  readonly endSector: number;
  readonly endCylinder: number;
}

/** A master boot record (UEFI 5.2.1). */
export interface MasterBootRecord {
  readonly signature: number;
  /** What isohybrid and GRUB 2 write there: the place of the boot image. */
  readonly bootPlace: number;
  readonly records: readonly PartitionRecord[];
}

/** The records of a sector; null where it is no MBR: another signature, or a boot indicator that is none (UEFI 5.2.1). */
export function readMasterBootRecord(block: Block): MasterBootRecord | null {
  if (block.length < DISK_SECTOR || block.u16le(510) !== 0xaa55) return null;
  const records: PartitionRecord[] = [];
  for (let index = 0; index < ENTRIES; index++) {
    const at = TABLE + index * 16;
    // A FAT volume's first sector has the same signature, and code or text where the table would be.
    if (block.u8(at) !== 0 && block.u8(at) !== 0x80) return null;
    records.push({
      status: block.u8(at),
      type: block.u8(at + 4),
      start: block.u32le(at + 8),
      sectors: block.u32le(at + 12),
      endHead: block.u8(at + 5),
      endSector: block.u8(at + 6) & 63,
      endCylinder: block.u8(at + 7) | ((block.u8(at + 6) & 0xc0) << 2),
    });
  }
  return { signature: block.u32le(440), bootPlace: block.u32le(BOOT_PLACE), records };
}

/** The record in a sector of a source; null where there is none. */
export async function masterBootRecordAt(source: ByteSource, sector: number, signal?: AbortSignal): Promise<MasterBootRecord | null> {
  const offset = sector * DISK_SECTOR;
  if (offset + DISK_SECTOR > source.size) return null;
  return readMasterBootRecord(new Block(await source.read(offset, DISK_SECTOR, signal), offset));
}

/** The records in use with the logical ones of the extended partition, places counted from the disk's first sector. */
export async function partitionRecords(
  source: ByteSource,
  { records }: MasterBootRecord,
  signal?: AbortSignal,
): Promise<MbrRecordReport[]> {
  const reports: MbrRecordReport[] = [];
  let extended: PartitionRecord | null = null;
  for (const [index, record] of records.entries()) {
    if (record.sectors === 0 && (record.type === 0 || record.type === PROTECTIVE)) continue;
    if (EXTENDED.includes(record.type)) extended ??= record;
    if (record.sectors > 0) reports.push(reportOf(index + 1, record, 0));
  }
  return extended ? [...reports, ...(await logicalRecords(source, extended.start, signal))] : reports;
}

/** True for a record that only holds others. */
export function isExtended(type: number): boolean {
  return EXTENDED.includes(type);
}

/** Each link of the chain names one partition, from itself on, and the next link, from the extended partition on. */
async function logicalRecords(source: ByteSource, extended: number, signal?: AbortSignal): Promise<MbrRecordReport[]> {
  const reports: MbrRecordReport[] = [];
  const visited = new Set<number>();
  let at = extended;
  while (!visited.has(at) && visited.size < MAX_LOGICAL) {
    visited.add(at);
    const [record, next] = (await masterBootRecordAt(source, at, signal))?.records ?? [];
    if (record && record.sectors > 0 && (at + record.start) * DISK_SECTOR < source.size)
      reports.push(reportOf(5 + reports.length, record, at));
    if (!next || next.sectors === 0 || !EXTENDED.includes(next.type)) break;
    at = extended + next.start;
  }
  return reports;
}

function reportOf(number: number, { status, type, start, sectors }: PartitionRecord, base: number): MbrRecordReport {
  const typeName = TYPES[type] ?? `type 0x${type.toString(16).padStart(2, '0')}`;
  return { number, status, type, typeName, start: base + start, sectors };
}
