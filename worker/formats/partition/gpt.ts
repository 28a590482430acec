import { Block } from '../../bytes/block.ts';
import { guidText } from '../../bytes/guid.ts';
import { crc32 } from '../../codec/crc32.ts';
import type { ChecksumState, GptEntryReport, GptReport } from '../../protocol/boot.ts';
import type { ByteSource } from '../../source/source.ts';
import type { Findings } from '../findings.ts';

/** Entries that are read at most; writers make 128 to 248 (UEFI 5.3.2). */
const MAX_ENTRIES = 4096;
const MIN_HEADER = 92;
const MIN_ENTRY = 128;
const MAX_ENTRY = 4096;
/** A table is summed up to so many bytes. */
const MAX_TABLE = 4 * 1024 * 1024;
/** Sizes of a logical block that are tried; xorriso and disk tools write 512. */
const BLOCKS = [512, 2048, 4096] as const;
const NAME_BYTES = 72;
const SPEC = 'UEFI 5.3.2';

const TYPES: Readonly<Record<string, string>> = {
  'c12a7328-f81f-11d2-ba4b-00a0c93ec93b': 'EFI system',
  'ebd0a0a2-b9e5-4433-87c0-68b6b72699c7': 'basic data',
  '0fc63daf-8483-4772-8e79-3d69d8477de4': 'Linux',
  '0657fd6d-a4ab-43c4-84e5-0933c84b4f4f': 'Linux swap',
  '21686148-6449-6e6f-744e-656564454649': 'BIOS boot',
  'e3c9e316-0b5c-4db8-817d-f92df00215ae': 'Microsoft reserved',
  '48465300-0000-11aa-aa11-00306543ecac': 'HFS',
  '7c3457ef-0000-11aa-aa11-00306543ecac': 'APFS',
};

/** What a GPT header says (UEFI 5.3.2). Blocks are 64-bit numbers, -1 where they are above 2^53. */
interface GptHeader {
  readonly at: number;
  readonly blockSize: number;
  readonly ownBlock: number;
  readonly backupBlock: number;
  readonly firstUsable: number;
  readonly lastUsable: number;
  readonly diskGuid: string;
  readonly entriesBlock: number;
  readonly entryCount: number;
  readonly entrySize: number;
  readonly entriesCrc: number;
  readonly checksum: ChecksumState;
}

/** A header with its table, as far as that could be read. */
interface GptCopy extends GptHeader {
  readonly entriesChecksum: ChecksumState;
  readonly partitions: readonly GptEntryReport[];
}

/** The header in a block; null where there is no signature, or nothing that could be one (UEFI 5.3.2). */
function readHeader(block: Block): GptHeader | null {
  if (block.length < MIN_HEADER || String.fromCharCode(...block.part(0, 8)) !== 'EFI PART') return null;
  const length = block.u32le(12);
  if (length < MIN_HEADER || length > block.length) return null;
  const summed = block.part(0, length).slice();
  summed.fill(0, 16, 20); // its own checksum counts as zero
  const entrySize = block.u32le(84);
  if (entrySize < MIN_ENTRY || entrySize > MAX_ENTRY) return null;
  return {
    at: block.base,
    blockSize: block.length,
    ownBlock: blockNumber(block, 24),
    backupBlock: blockNumber(block, 32),
    firstUsable: blockNumber(block, 40),
    lastUsable: blockNumber(block, 48),
    diskGuid: guidText(block.part(56, 16)),
    entriesBlock: blockNumber(block, 72),
    entryCount: block.u32le(80),
    entrySize,
    entriesCrc: block.u32le(88),
    checksum: crc32(summed) === block.u32le(16) ? 'right' : 'wrong',
  };
}

/** The entries in use (UEFI 5.3.3). */
function readEntries(table: Block, entrySize: number): GptEntryReport[] {
  const partitions: GptEntryReport[] = [];
  for (let at = 0; at + entrySize <= table.length; at += entrySize) {
    const type = guidText(table.part(at, 16));
    if (/^[0-]+$/.test(type)) continue;
    const [start, last] = [blockNumber(table, at + 32), blockNumber(table, at + 40)];
    if (start < 0 || last < start) continue;
    const [name = ''] = new TextDecoder('utf-16le').decode(table.part(at + 56, NAME_BYTES)).split('\0');
    const flags = wide(table, at + 48)
      .toString(16)
      .padStart(16, '0');
    partitions.push({
      number: at / entrySize + 1,
      type,
      typeName: TYPES[type] ?? `type ${type}`,
      guid: guidText(table.part(at + 16, 16)),
      name,
      flags: `0x${flags}`,
      start,
      blocks: last - start + 1,
    });
  }
  return partitions;
}

/** The GPT of a disk: by its header in the second block, or by the copy in the last one where only that is right; null without one. */
export async function readGpt(source: ByteSource, findings: Findings, signal?: AbortSignal): Promise<GptReport | null> {
  for (const size of BLOCKS) {
    const first = await copyAt(source, 1, size, signal);
    const promised = first && first.checksum === 'right' && first.backupBlock > 1 ? first.backupBlock : Math.floor(source.size / size) - 1;
    const second = await copyAt(source, promised, size, signal);
    const used = [first, second].find((copy) => copy && copy.checksum === 'right' && copy.entriesChecksum !== 'wrong') ?? first;
    if (!used) continue;
    const other = used === first ? second : first;
    const report: GptReport = {
      blockSize: size,
      at: used.at,
      diskGuid: used.diskGuid,
      entriesBlock: used.entriesBlock,
      entryCount: used.entryCount,
      entrySize: used.entrySize,
      firstUsable: used.firstUsable,
      lastUsable: used.lastUsable,
      backupBlock: used === first ? used.backupBlock : used.ownBlock,
      headerChecksum: used.checksum,
      entriesChecksum: used.entriesChecksum,
      overlapping: overlap(used.partitions),
      backup: backupState(used, other),
      partitions: used.partitions,
    };
    judge(report, used === second, source.size, findings);
    return report;
  }
  return null;
}

/** Where both copies of a GPT stand: headers and tables, as far as their lengths are believed (UEFI 5.3.1). */
export async function gptPlaces(
  source: ByteSource,
  { blockSize, backupBlock }: GptReport,
  signal?: AbortSignal,
): Promise<{ readonly offset: number; readonly length: number; readonly name: string }[]> {
  const places: { offset: number; length: number; name: string }[] = [];
  for (const [block, which] of [
    [1, 'GPT'],
    [backupBlock, 'GPT, second copy'],
  ] as const) {
    const copy = await copyAt(source, block, blockSize, signal);
    if (!copy) continue;
    places.push({ offset: copy.at, length: blockSize, name: `${which}: header` });
    const length = Math.min(copy.entryCount, MAX_ENTRIES) * copy.entrySize;
    if (copy.entriesBlock > 0 && copy.entriesChecksum === 'right')
      places.push({ offset: copy.entriesBlock * blockSize, length, name: `${which}: entries` });
  }
  return places;
}

async function copyAt(source: ByteSource, lba: number, size: number, signal?: AbortSignal): Promise<GptCopy | null> {
  const offset = lba * size;
  if (lba < 1 || offset + size > source.size) return null;
  const header = readHeader(new Block(await source.read(offset, size, signal), offset));
  // A header that is right says where it stands itself; a stray copy of one does not count.
  if (!header || (header.checksum === 'right' && header.ownBlock !== lba)) return null;
  const from = header.entriesBlock * size;
  const whole = header.entryCount * header.entrySize;
  // The table ends before the partitions, and that of the copy before its header: what a wild count takes in is no entry.
  const end = Math.min(source.size, (header.entriesBlock < lba ? lba : header.firstUsable) * size);
  const room = Math.max(0, Math.min(whole, MAX_ENTRIES * header.entrySize, MAX_TABLE, from < 0 ? 0 : end - from));
  if (room === 0) return { ...header, entriesChecksum: 'unknown', partitions: [] };
  const table = new Block(await source.read(from, room, signal), from);
  const entriesChecksum = room < whole ? 'unknown' : crc32(table.bytes) === header.entriesCrc ? 'right' : 'wrong';
  return { ...header, entriesChecksum, partitions: readEntries(table, header.entrySize) };
}

function backupState(used: GptCopy, other: GptCopy | null): GptReport['backup'] {
  if (!other) return 'missing';
  if (other.checksum === 'wrong' || other.entriesChecksum === 'wrong') return 'damaged';
  const facts = ({ diskGuid, partitions }: GptCopy): string => JSON.stringify([diskGuid, partitions]);
  return facts(used) === facts(other) ? 'same' : 'different';
}

function judge(gpt: GptReport, byBackup: boolean, size: number, findings: Findings): void {
  const { at, blockSize, headerChecksum, entriesChecksum, backup, backupBlock } = gpt;
  if (byBackup)
    findings.add('warning', 'gpt-first-copy', blockSize, SPEC, 'The GPT at the beginning is damaged; the copy at the end was used.');
  if (headerChecksum === 'wrong')
    findings.add('warning', 'gpt-header-checksum', at, SPEC, 'The checksum of the GPT header is wrong; it was read all the same.');
  if (entriesChecksum === 'wrong')
    findings.add('warning', 'gpt-entries-checksum', at, SPEC, 'The checksum of the GPT’s entries is wrong; they were read all the same.');
  if (entriesChecksum === 'unknown')
    findings.add(
      'warning',
      'gpt-entries-count',
      at,
      SPEC,
      `The GPT claims ${gpt.entryCount.toLocaleString('en')} entries; not all were read.`,
    );
  if (byBackup) return;
  if (backup === 'missing') {
    const beyond = backupBlock < 0 || (backupBlock + 1) * blockSize > size;
    const why = beyond ? 'lies past the end of the image: it is cut short, or was made so' : 'is not where the first says';
    findings.add('warning', 'gpt-backup-missing', at + 32, SPEC, `The second copy of the GPT ${why}.`);
  }
  if (backup === 'damaged' || backup === 'different')
    findings.add(
      'warning',
      `gpt-backup-${backup}`,
      backupBlock * blockSize,
      SPEC,
      `The second copy of the GPT is ${backup === 'damaged' ? 'damaged' : 'not the same as the first'}.`,
    );
}

/** Whether two partitions share a block. */
function overlap(partitions: readonly GptEntryReport[]): boolean {
  const sorted = [...partitions].sort((a, b) => a.start - b.start);
  let end = 0;
  for (const { start, blocks } of sorted) {
    if (start < end) return true;
    end = Math.max(end, start + blocks);
  }
  return false;
}

function wide(block: Block, at: number): bigint {
  return BigInt(block.u32le(at)) | (BigInt(block.u32le(at + 4)) << 32n);
}

function blockNumber(block: Block, at: number): number {
  const value = wide(block, at);
  // A place times 4,096 has to stay exact.
  return value > BigInt(Number.MAX_SAFE_INTEGER) / 4096n ? -1 : Number(value);
}
