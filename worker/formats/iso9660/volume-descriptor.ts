import { fieldText, textFromWtf8, wtf8FromUcs2be } from '../../bytes/text.ts';
import type { Block } from '../../bytes/block.ts';
import type { Findings } from '../findings.ts';
import { readLongDate } from './date.ts';
import { readDirectoryRecord, SECTOR, type DirectoryRecord } from './directory-record.ts';
import type { PathTablePlace } from './tree-form.ts';

/** First sector of the volume descriptors (ECMA-119 6.7.1). */
export const FIRST_DESCRIPTOR = 16;
/** Descriptors that are read; discs have two to five. */
export const MAX_DESCRIPTORS = 64;

export type DescriptorKind =
  'boot' | 'primary' | 'joliet' | 'iso1999' | 'supplementary' | 'partition' | 'terminator' | 'highsierra' | 'unknown';

/** One volume descriptor as it stands in the image (ECMA-119 8.1). */
export interface DescriptorSector {
  readonly kind: DescriptorKind;
  readonly block: Block;
}

/** Whether a descriptor's identifier stands at this sector: "CD001", or "CDROM" eight bytes later (ECMA-119 8.1.2, High Sierra). */
export function descriptorKind(block: Block): DescriptorKind | null {
  const ascii = (at: number): string => String.fromCharCode(...block.part(at, 5));
  if (ascii(1) === 'CD001') {
    switch (block.u8(0)) {
      case 0:
        return 'boot';
      case 1:
        return 'primary';
      case 2:
        if (isJoliet(block)) return 'joliet';
        return block.u8(6) === 2 ? 'iso1999' : 'supplementary';
      case 3:
        return 'partition';
      case 255:
        return 'terminator';
      default:
        return 'unknown';
    }
  }
  if (ascii(9) !== 'CDROM') return null;
  if (block.u8(8) === 255) return 'terminator';
  return block.u8(8) === 1 ? 'highsierra' : 'unknown';
}

/** Escape sequences of UCS-2 level 1, 2 and 3: %/@ %/C %/E (Joliet 1995). */
function isJoliet(block: Block): boolean {
  for (let at = 88; at + 2 < 120; at++) {
    if (block.u8(at) === 0x25 && block.u8(at + 1) === 0x2f && [0x40, 0x43, 0x45].includes(block.u8(at + 2))) return true;
  }
  return false;
}

/** All descriptors from a sector (16 of the session) up to the terminator, or to a named bound where there is none (ECMA-119 6.7.1). */
export function readDescriptorSet(head: Block, findings: Findings, first = FIRST_DESCRIPTOR): DescriptorSector[] {
  const sectors: DescriptorSector[] = [];
  let skipped = 0;
  for (let sector = first; sector < first + MAX_DESCRIPTORS; sector++) {
    const at = sector * SECTOR - head.base;
    if (at + SECTOR > head.length) break;
    const block = head.slice(at, SECTOR);
    const kind = descriptorKind(block);
    if (kind === 'terminator') return sectors;
    if (kind) sectors.push({ kind, block });
    // A boot loader's or another system's sector may stand before the first descriptor.
    else if (sectors.length > 0 || ++skipped > 8) break;
  }
  if (sectors.length > 0)
    findings.add('warning', 'descriptor-terminator', first * SECTOR, 'ECMA-119 8.3', 'The volume descriptors have no terminator.');
  return sectors;
}

/** The fields of a primary or supplementary descriptor that reading depends on (ECMA-119 8.4, 8.5). */
export interface VolumeDescriptor {
  readonly kind: DescriptorKind;
  readonly block: Block;
  readonly label: string;
  /** Bytes of a logical block as recorded, both byte orders (ECMA-119 8.4.12). */
  readonly blockSizes: readonly [number, number];
  readonly spaceBlocks: readonly [number, number];
  readonly setSize: number;
  readonly sequence: number;
  readonly pathTable: PathTablePlace;
  readonly root: DirectoryRecord;
  /** Milliseconds since 1970 UTC; NaN where not recorded. */
  readonly created: number;
  /** Titles and values for the report. */
  readonly fields: Readonly<Record<string, string | number | null>>;
}

/** Offsets of the fields; High Sierra has them 8 bytes later, its dates without zone and its file names five bytes shorter. */
interface FieldOffsets {
  readonly system: number;
  readonly space: number;
  readonly set: number;
  readonly root: number;
  readonly texts: readonly (readonly [name: string, at: number, length: number])[];
  readonly dates: readonly (readonly [name: string, at: number])[];
}

const ISO: FieldOffsets = {
  system: 8,
  space: 80,
  set: 120,
  root: 156,
  texts: [
    ['volumeSetIdentifier', 190, 128],
    ['publisherIdentifier', 318, 128],
    ['dataPreparerIdentifier', 446, 128],
    ['applicationIdentifier', 574, 128],
    ['copyrightFileIdentifier', 702, 37],
    ['abstractFileIdentifier', 739, 37],
    ['bibliographicFileIdentifier', 776, 37],
  ],
  dates: [
    ['volumeCreation', 813],
    ['volumeModification', 830],
    ['volumeExpiration', 847],
    ['volumeEffective', 864],
  ],
};
const HIGH_SIERRA: FieldOffsets = {
  system: 16,
  space: 88,
  set: 128,
  root: 180,
  texts: [
    ['volumeSetIdentifier', 214, 128],
    ['publisherIdentifier', 342, 128],
    ['dataPreparerIdentifier', 470, 128],
    ['applicationIdentifier', 598, 128],
    ['copyrightFileIdentifier', 726, 32],
    ['abstractFileIdentifier', 758, 32],
  ],
  dates: [
    ['volumeCreation', 790],
    ['volumeModification', 806],
    ['volumeExpiration', 822],
    ['volumeEffective', 838],
  ],
};

/** Read a primary, supplementary or High Sierra descriptor (ECMA-119 8.4, 8.5). */
export function readVolumeDescriptor({ kind, block }: DescriptorSector): VolumeDescriptor {
  const highSierra = kind === 'highsierra';
  const at = highSierra ? HIGH_SIERRA : ISO;
  const text = (from: number, length: number): string =>
    kind === 'joliet' ? textFromWtf8(wtf8FromUcs2be(block.part(from, length))).replace(/[\0 ]+$/, '') : fieldText(block.part(from, length));
  const label = text(at.system + 32, 32);
  const spaceBlocks = block.both32(at.space);
  const blockSizes = block.both16(at.set + 8);
  const pathTable = {
    size: block.u32le(at.set + 12),
    little: block.u32le(at.set + 20),
    big: block.u32be(highSierra ? at.set + 36 : at.set + 28),
    ...(highSierra ? {} : { copies: [block.u32le(at.set + 24), block.u32be(at.set + 32)] as const }),
  };
  const fields: Record<string, string | number | null> = {
    systemIdentifier: text(at.system, 32),
    volumeIdentifier: label,
    volumeSpaceSize: spaceBlocks[0],
    volumeSetSize: block.u16le(at.set),
    volumeSequenceNumber: block.u16le(at.set + 4),
    logicalBlockSize: blockSizes[0],
    pathTableSize: pathTable.size,
  };
  for (const [name, from, length] of at.texts) fields[name] = text(from, length);
  let created = NaN;
  for (const [name, from] of at.dates) {
    const ms = readLongDate(block, from, !highSierra);
    if (name === 'volumeCreation') created = ms;
    fields[name] = ms === ms ? new Date(ms).toISOString() : null;
  }
  return {
    kind,
    block,
    label,
    blockSizes,
    spaceBlocks,
    setSize: block.u16le(at.set),
    sequence: block.u16le(at.set + 4),
    pathTable,
    root: readDirectoryRecord(block, at.root, highSierra, 34, 1),
    created,
    fields,
  };
}

/** Say where bytes that have to be zero are not: some refuse such discs (ECMA-119 8.4.4, 8.4.7, 8.4.9, 8.4.31, 8.4.33). */
export function checkReserved({ kind, block }: VolumeDescriptor, findings: Findings): void {
  if (kind === 'highsierra') return;
  const areas: readonly (readonly [number, number])[] = kind === 'primary' ? [[7, 1], [72, 8], [88, 32], [882, 1], [1395, 653]] : [[72, 8], [882, 1], [1395, 653]]; // prettier-ignore
  for (const [at, length] of areas) {
    const odd = block.part(at, length).findIndex((byte) => byte !== 0);
    if (odd < 0) continue;
    findings.add(
      'note',
      'reserved-bytes',
      block.base + at + odd,
      'ECMA-119 8.4',
      'Reserved bytes of a volume descriptor are not zero; they were ignored.',
    );
    return;
  }
}
