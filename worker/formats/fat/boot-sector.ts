import type { Block } from '../../bytes/block.ts';
import { zeroEndedText } from '../../bytes/text.ts';

/** Bytes that are read for it. */
export const BOOT_SECTOR = 512;
/** Below so many clusters a FAT has 12 bits an entry, below the second 16 (FAT 1.03). */
const CLUSTERS_12 = 4085;
const CLUSTERS_16 = 65_525;
const DIRECTORY_ENTRY = 32;
const FIRST_CLUSTER = 2;

/** Where the parts of a FAT volume lie, by its BIOS parameter block (FAT 1.03). Offsets and lengths in bytes from its start. */
export interface FatLayout {
  readonly bits: 12 | 16 | 32;
  readonly bytesPerSector: number;
  readonly clusterSize: number;
  /** Clusters are numbered from 2; so many there are. */
  readonly clusters: number;
  readonly tableOffset: number;
  readonly tableLength: number;
  readonly tables: number;
  /** Which table counts where they are not kept alike (FAT32); else 0. */
  readonly activeTable: number;
  /** The root of FAT12 and FAT16 has a place of its own, that of FAT32 is a chain. */
  readonly root: { readonly offset: number; readonly length: number } | { readonly cluster: number };
  readonly dataOffset: number;
  readonly size: number;
  /** Sector of the FSInfo structure; 0 without. */
  readonly infoSector: number;
  readonly oem: string;
  readonly serial: string;
  readonly label: string;
  readonly media: number;
}

/** The layout that a boot sector gives; null where it is none of a FAT volume. */
export function readBootSector(block: Block): FatLayout | null {
  if (block.length < BOOT_SECTOR) return null;
  const jump = block.u8(0);
  const signed = block.u16le(510) === 0xaa55;
  // Old floppies have no signature, some images of makers no jump; one of both they have.
  if (!signed && jump !== 0xeb && jump !== 0xe9) return null;
  const bytesPerSector = block.u16le(11);
  const perCluster = block.u8(13);
  const reserved = block.u16le(14);
  const tables = block.u8(16);
  const media = block.u8(21);
  if (![512, 1024, 2048, 4096].includes(bytesPerSector) || perCluster === 0 || (perCluster & (perCluster - 1)) !== 0) return null;
  if (reserved === 0 || tables === 0 || tables > 4 || (media !== 0xf0 && media < 0xf8)) return null;
  const rootEntries = block.u16le(17);
  const short = block.u16le(22);
  const wide = short === 0;
  const tableSectors = short || block.u32le(36);
  const sectors = block.u16le(19) || block.u32le(32);
  if (tableSectors === 0 || sectors === 0 || (wide && rootEntries !== 0) || (!wide && rootEntries === 0)) return null;
  const rootSectors = Math.ceil((rootEntries * DIRECTORY_ENTRY) / bytesPerSector);
  const dataSector = reserved + tables * tableSectors + rootSectors;
  if (dataSector >= sectors) return null;
  const bits = wide ? 32 : (sectors - dataSector) / perCluster < CLUSTERS_12 ? 12 : 16;
  // What the table has no room for is no cluster.
  const room = Math.floor((tableSectors * bytesPerSector * 8) / bits) - FIRST_CLUSTER;
  const clusters = Math.min(Math.floor((sectors - dataSector) / perCluster), room, bits === 16 ? CLUSTERS_16 - 1 : room);
  if (clusters < 1) return null;
  const extended = wide ? 64 : 36;
  // 0x29: serial number, label and type follow; 0x28: the serial number alone.
  const mark = block.u8(extended + 2);
  const named = mark === 0x29;
  const flags = wide ? block.u16le(40) : 0;
  return {
    bits,
    bytesPerSector,
    clusterSize: perCluster * bytesPerSector,
    clusters,
    tableOffset: reserved * bytesPerSector,
    tableLength: tableSectors * bytesPerSector,
    tables,
    activeTable: flags & 0x80 ? Math.min(flags & 15, tables - 1) : 0,
    root: wide
      ? { cluster: block.u32le(44) }
      : { offset: (reserved + tables * tableSectors) * bytesPerSector, length: rootEntries * DIRECTORY_ENTRY },
    dataOffset: dataSector * bytesPerSector,
    size: sectors * bytesPerSector,
    infoSector: wide && block.u16le(48) !== 0xffff ? block.u16le(48) : 0,
    oem: zeroEndedText(block.part(3, 8)),
    serial:
      named || mark === 0x28
        ? block
            .u32le(extended + 3)
            .toString(16)
            .padStart(8, '0')
            .toUpperCase()
        : '',
    label: named ? zeroEndedText(block.part(extended + 7, 11)).replace(/^NO NAME$/, '') : '',
    media,
  };
}

/** Offset of a cluster in the volume. */
export function clusterOffset({ dataOffset, clusterSize }: FatLayout, cluster: number): number {
  return dataOffset + (cluster - FIRST_CLUSTER) * clusterSize;
}

/** True for a number that a cluster of this volume has. */
export function isCluster({ clusters }: FatLayout, cluster: number): boolean {
  return cluster >= FIRST_CLUSTER && cluster < FIRST_CLUSTER + clusters;
}

/** Free clusters by FSInfo (FAT 1.03); null where it does not know, undefined where that is no FSInfo. */
export function readFsInfo(block: Block): number | null | undefined {
  if (block.length < BOOT_SECTOR || block.u32le(0) !== 0x41615252 || block.u32le(484) !== 0x61417272) return undefined;
  const free = block.u32le(488);
  return free === 0xffffffff ? null : free;
}
