import { Block } from '../../bytes/block.ts';
import type { MbrReport, SystemAreaReport } from '../../protocol/boot.ts';
import type { ByteSource } from '../../source/source.ts';
import type { Findings } from '../findings.ts';
import { readApm } from './apm.ts';
import { geometryOf } from './geometry.ts';
import { readGpt } from './gpt.ts';
import { readMachineBlocks } from './machine-blocks.ts';
import { DISK_SECTOR, masterBootRecordAt, partitionRecords, PROTECTIVE, type MasterBootRecord } from './mbr.ts';

/** Bytes that ISO 9660 leaves to others (ECMA-119 6.2.1). */
export const SYSTEM_AREA = 32 * 1024;
const DISC_SECTOR = 2048;
/** What a primary volume descriptor begins with (ECMA-119 8.4). */
const DESCRIPTOR = '\x01CD001';
const CHRP = 0x96;
const PREP = 0x41;
/** What GRUB 2 adds to the place of its boot image: it goes on reading behind the first 2,048 bytes. */
const GRUB2_BEHIND = 4;

/** What the system area holds; `bootImages` are the places in bytes that the boot catalog names. */
export async function readSystemArea(
  source: ByteSource,
  bootImages: readonly number[],
  findings: Findings,
  signal?: AbortSignal,
): Promise<SystemAreaReport> {
  const head = new Block(await source.read(0, Math.min(SYSTEM_AREA, source.size), signal), 0);
  const machines = readMachineBlocks(head);
  for (const { title, checksum } of machines)
    if (checksum === 'wrong') findings.add('warning', 'boot-block-checksum', 0, '', `The checksum of the ${title} is wrong.`);
  const gpt = await readGpt(source, findings, signal);
  const record = await masterBootRecordAt(source, 0, signal);
  const mbr = record && (await reportOf(source, record, bootImages, signal));
  const apm = await readApm(source, signal);
  const known = mbr !== null || gpt !== null || apm !== null || machines.length > 0;
  const state = known ? 'known' : head.bytes.some((byte) => byte !== 0) ? 'unknown' : 'empty';
  const starts = [
    ...(mbr?.records.map(({ start }) => start * DISK_SECTOR) ?? []),
    ...(gpt?.partitions.map(({ start }) => start * gpt.blockSize) ?? []),
  ];
  return {
    state,
    mbr: mbr && { ...mbr, program: null, partitionOffset: await partitionOffset(source, starts, signal) },
    gpt,
    apm,
    machines,
  };
}

async function reportOf(
  source: ByteSource,
  record: MasterBootRecord,
  bootImages: readonly number[],
  signal?: AbortSignal,
): Promise<Omit<MbrReport, 'partitionOffset' | 'program'>> {
  const primary = record.records.filter(({ sectors }) => sectors > 0);
  const [only, more] = primary;
  const ends = only && only.start + only.sectors >= Math.floor(source.size / DISK_SECTOR);
  const places = bootImages.map((offset) => offset / DISK_SECTOR);
  const { heads, sectorsPerTrack } = geometryOf(primary);
  const disc = primary.find(({ type }) => type !== PREP);
  const cylinder = heads * sectorsPerTrack;
  return {
    signature: `0x${record.signature.toString(16).padStart(8, '0')}`,
    isohybrid: record.bootPlace !== 0 && places.includes(record.bootPlace),
    grub2: record.bootPlace !== 0 && places.includes(record.bootPlace - GRUB2_BEHIND),
    protective: only !== undefined && !more && only.start === 1 && (only.type === PROTECTIVE || ends === true),
    chrp: only !== undefined && !more && only.type === CHRP && only.start === 0,
    prep: primary.some(({ type }) => type === PREP),
    heads,
    sectorsPerTrack,
    cylinderAligned: disc !== undefined && cylinder > 0 && (disc.start + disc.sectors) % cylinder === 0,
    records: await partitionRecords(source, record, signal),
  };
}

/** A second volume descriptor set that the first partition begins in front of, so that it can be mounted (xorriso -partition_offset). */
async function partitionOffset(source: ByteSource, starts: readonly number[], signal?: AbortSignal): Promise<number> {
  const first = Math.min(...starts.filter((start) => start >= SYSTEM_AREA));
  if (first + SYSTEM_AREA + DESCRIPTOR.length > source.size || first % DISC_SECTOR !== 0) return 0;
  const mark = await source.read(first + SYSTEM_AREA, DESCRIPTOR.length, signal);
  return String.fromCharCode(...mark) === DESCRIPTOR ? first / DISC_SECTOR : 0;
}
