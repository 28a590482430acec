import { Block } from '../../bytes/block.ts';
import { crc32 } from '../../codec/crc32.ts';
import type { ImagePartition } from '../../protocol/partition.ts';
import type { ByteSource } from '../../source/source.ts';

/** A table of so many entries is read at most; writers make 128 (UEFI 5.3.2). */
const MAX_ENTRIES = 1024;
const MIN_HEADER = 92;
const MIN_ENTRY = 128;
const MAX_ENTRY = 4096;
/** Sizes of a logical block that are tried; xorriso and disk tools write 512. */
const BLOCKS = [512, 2048, 4096] as const;
const NAME_BYTES = 72;

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

/** What a GPT header says of its table (UEFI 5.3.2). */
export interface GptHeader {
  /** Logical block of the first entry, their number, and bytes of each. */
  readonly entries: number;
  readonly count: number;
  readonly entrySize: number;
  readonly entriesCrc: number;
}

/** The header in a block; null where it is none, is another block's, or its checksum is wrong (UEFI 5.3.2). */
export function readHeader(block: Block, lba: number): GptHeader | null {
  if (block.length < MIN_HEADER || String.fromCharCode(...block.part(0, 8)) !== 'EFI PART') return null;
  const length = block.u32le(12);
  if (length < MIN_HEADER || length > block.length) return null;
  const bytes = block.part(0, length).slice();
  bytes.fill(0, 16, 20); // its own checksum counts as zero
  if (crc32(bytes) !== block.u32le(16) || bigger(block, 24) !== BigInt(lba)) return null;
  const [count, entrySize] = [block.u32le(80), block.u32le(84)];
  const entries = bigger(block, 72);
  if (entrySize < MIN_ENTRY || entrySize > MAX_ENTRY || entries > BigInt(Number.MAX_SAFE_INTEGER)) return null;
  return { entries: Number(entries), count: Math.min(count, MAX_ENTRIES), entrySize, entriesCrc: block.u32le(88) };
}

/** The partitions of a GPT: by its header in the second block, else by the copy in the last; empty where there is none. */
export async function gptPartitions(source: ByteSource, signal?: AbortSignal): Promise<ImagePartition[]> {
  for (const size of BLOCKS) {
    for (const lba of [1, Math.floor(source.size / size) - 1]) {
      const block = await blockAt(source, lba * size, size, signal);
      const header = block && readHeader(block, lba);
      const table = header && (await blockAt(source, header.entries * size, header.count * header.entrySize, signal));
      if (header && table && crc32(table.bytes) === header.entriesCrc) return readEntries(table, header, size, source.size);
    }
  }
  return [];
}

async function blockAt(source: ByteSource, offset: number, length: number, signal?: AbortSignal): Promise<Block | null> {
  if (length === 0 || offset < 0 || offset + length > source.size) return null;
  return new Block(await source.read(offset, length, signal), offset);
}

/** The entries in use (UEFI 5.3.3); those that begin behind the image's end are of another disk. */
function readEntries(table: Block, { count, entrySize }: GptHeader, blockSize: number, imageSize: number): ImagePartition[] {
  const partitions: ImagePartition[] = [];
  for (let index = 0; index < count; index++) {
    const at = index * entrySize;
    const type = guid(table.part(at, 16));
    if (/^[0-]+$/.test(type)) continue;
    const [first, last] = [bigger(table, at + 32), bigger(table, at + 40)];
    if (last < first || first * BigInt(blockSize) >= BigInt(imageSize) || last > BigInt(Number.MAX_SAFE_INTEGER) / 4096n) continue;
    partitions.push({
      scheme: 'gpt',
      number: index + 1,
      offset: Number(first) * blockSize,
      size: Number(last - first + 1n) * blockSize,
      type: TYPES[type] ?? `type ${type}`,
      name: nameAt(table, at + 56),
    });
  }
  return partitions;
}

function bigger(block: Block, at: number): bigint {
  return BigInt(block.u32le(at)) | (BigInt(block.u32le(at + 4)) << 32n);
}

function nameAt(table: Block, at: number): string {
  const [name = ''] = new TextDecoder('utf-16le').decode(table.part(at, NAME_BYTES)).split('\0');
  return name;
}

/** A GUID as text: its first three fields are little-endian (UEFI appendix A). */
function guid(bytes: Uint8Array): string {
  const order = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15];
  return order.map((at) => (at < 0 ? '-' : (bytes[at] as number).toString(16).padStart(2, '0'))).join('');
}
