import { Block } from '../../bytes/block.ts';
import type { SystemAreaReport } from '../../protocol/boot.ts';
import { DISK_SECTOR } from '../../formats/partition/index.ts';
import { isExtended, PROTECTIVE } from '../../formats/partition/mbr.ts';
import type { ByteSource } from '../../source/source.ts';
import { ASIDE, type DiscImage } from '../image.ts';
import { fileEnd } from './file-end.ts';
import { anchorClaims, unopenedUdfClaims } from './udf-claims.ts';

/** How far something on the disc says that it reaches. */
export interface Claim {
  readonly label: string;
  readonly fact: string;
  /** Byte after the last. */
  readonly end: number;
  /** Absolute offset of what says so; null where it is no one place. */
  readonly place: number | null;
  /**
   * `firm`: the volume's own word; `files`: where the last file ends; `loose`: a partition's end, which writers round up;
   * `absent`: no claim, but something that should stand at the end and does not; `least`: there must be more than this.
   */
  readonly kind: 'firm' | 'files' | 'loose' | 'absent' | 'least';
}

const figure = (bytes: number): string => bytes.toLocaleString('en');

/** All that tells how long an image should be. */
export async function claimsOf(
  image: DiscImage,
  area: Pick<SystemAreaReport, 'mbr' | 'gpt' | 'apm'>,
  signal?: AbortSignal,
): Promise<Claim[]> {
  const { source, views } = image;
  const claims = [
    ...volumeClaims(image),
    ...(views.some(({ volume }) => volume.id === 'udf') ? await anchorClaims(image, signal) : await unopenedUdfClaims(source, signal)),
    ...partitionClaims(area, source.size),
    ...bootClaims(image),
    ...(await fileClaims(image, signal)),
  ];
  const first = await firstDescriptor(source, signal);
  return first && !claims.some(({ end }) => end === first.end) ? [first, ...claims] : claims;
}

/**
 * What the descriptor in sector 16 says of the length, whichever session is open: of an image that ends behind it no
 * driver makes a volume, and on an overwritable medium it has the size of all sessions (ECMA-119 8.4.8, 8.4.12).
 */
async function firstDescriptor(source: ByteSource, signal?: AbortSignal): Promise<Claim | null> {
  if (source.size < FIRST_DESCRIPTOR + NEEDED) return null;
  const block = new Block(await source.read(FIRST_DESCRIPTOR, NEEDED, signal), FIRST_DESCRIPTOR);
  if (String.fromCharCode(...block.part(0, PRIMARY.length)) !== PRIMARY) return null;
  const end = block.u32le(SPACE_AT) * block.u16le(BLOCK_SIZE_AT);
  const place = FIRST_DESCRIPTOR + SPACE_AT;
  return end === 0 ? null : { label: 'Volume size (first descriptor)', fact: `reaches to byte ${figure(end)}`, end, place, kind: 'firm' };
}

const FIRST_DESCRIPTOR = 16 * 2048;
const PRIMARY = '\x01CD001';
/** Bytes of a descriptor that are looked at, and where its block size stands. */
const NEEDED = 130;
const BLOCK_SIZE_AT = 128;

/** Volume space size (ECMA-119 8.4.8) and the partitions of UDF (ECMA-167 3/10.5.8). */
function volumeClaims({ views, opened }: DiscImage): Claim[] {
  const claims: Claim[] = [];
  const descriptors = opened.flatMap((format) => format.report.flatMap((report) => report.descriptors));
  for (const { volume } of views) {
    const { id, claimedSize, title } = volume;
    if (claimedSize === null || ASIDE.includes(id) || claims.some(({ end }) => end === claimedSize)) continue;
    const udf = id === 'udf';
    const field = udf ? 'Partition length' : 'volumeSpaceSize';
    const descriptor = descriptors.find(({ fields }) => typeof fields[field] === 'number');
    const within = udf ? PARTITION_LENGTH_AT : id === 'highsierra' ? HIGH_SIERRA_SPACE_AT : SPACE_AT;
    claims.push({
      label: udf ? 'UDF partition' : `Volume size (${title})`,
      fact: `reaches to byte ${figure(claimedSize)}`,
      end: claimedSize,
      place: descriptor ? descriptor.at + within : null,
      kind: 'firm',
    });
  }
  // What was written bit by bit ends with its table (UDF 2.60 2.2.11).
  const table = descriptors.find(({ title }) => title === 'Virtual allocation table');
  if (table)
    claims.push({
      label: 'UDF allocation table',
      fact: `found at byte ${figure(table.at)}`,
      end: table.at + SECTOR,
      place: table.at,
      kind: 'firm',
    });
  return claims;
}

/** Where the figures stand in their descriptors (ECMA-119 8.4.8; High Sierra; ECMA-167 3/10.5.9). */
const SPACE_AT = 80;
const HIGH_SIERRA_SPACE_AT = 88;
const PARTITION_LENGTH_AT = 192;
const SECTOR = 2048;

/** The second copy of a GPT (UEFI 5.3.2), and ends of partitions. */
function partitionClaims({ gpt, mbr, apm }: Pick<SystemAreaReport, 'mbr' | 'gpt' | 'apm'>, size: number): Claim[] {
  const claims: Claim[] = [];
  if (gpt && gpt.headerChecksum === 'right' && gpt.backupBlock > 0) {
    const end = (gpt.backupBlock + 1) * gpt.blockSize;
    const fact = end > size ? `should end at byte ${figure(end)}` : { same: 'there', different: 'differs from the first', damaged: 'damaged', missing: 'not where it should be' }[gpt.backup]; // prettier-ignore
    claims.push({ label: 'GPT, second copy', fact, end, place: end > size ? gpt.at + BACKUP_AT : end - gpt.blockSize, kind: 'firm' });
  }
  const loose = (label: string, number: number, end: number, place: number): void => {
    claims.push({ label, fact: `partition ${number} ends at byte ${figure(end)}`, end, place, kind: 'loose' });
  };
  const records = (mbr?.records ?? []).filter(({ type, sectors }) => type !== PROTECTIVE && !isExtended(type) && sectors > 0);
  const lastOf = <T>(items: readonly T[], endOf: (item: T) => number): T | undefined =>
    items.reduce<T | undefined>((best, item) => (best === undefined || endOf(item) > endOf(best) ? item : best), undefined);
  const record = lastOf(records, ({ start, sectors }) => start + sectors);
  if (record) loose('MBR', record.number, (record.start + record.sectors) * DISK_SECTOR, MBR_TABLE);
  const part = lastOf(gpt?.partitions ?? [], ({ start, blocks }) => start + blocks);
  if (gpt && part) loose('GPT', part.number, (part.start + part.blocks) * gpt.blockSize, gpt.entriesBlock * gpt.blockSize);
  const apple = lastOf(apm?.partitions ?? [], ({ start, blocks }) => start + blocks);
  if (apm && apple) loose('Apple partition map', apple.number, (apple.start + apple.blocks) * apm.blockSize, apm.at);
  return claims;
}

/** Where a GPT header names its copy, and the table of an MBR. */
const BACKUP_AT = 32;
const MBR_TABLE = 446;

/** Boot images that lie behind the volume. */
function bootClaims({ opened }: DiscImage): Claim[] {
  const entries = opened.flatMap((format) => format.boot);
  const ends = entries.map(({ offset, size, at }) => ({ end: offset + size, at }));
  const last = ends.reduce<{ end: number; at: number } | null>((best, each) => (best && best.end >= each.end ? best : each), null);
  return last
    ? [{ label: 'Boot images', fact: `the last ends at byte ${figure(last.end)}`, end: last.end, place: last.at, kind: 'loose' }]
    : [];
}

async function fileClaims(image: DiscImage, signal?: AbortSignal): Promise<Claim[]> {
  const last = await fileEnd(image, signal);
  if (!last) return [];
  return [{ label: 'Last file', fact: `${last.path} ends at byte ${figure(last.end)}`, end: last.end, place: last.place, kind: 'files' }];
}
