import { Block } from '../../bytes/block.ts';
import type { ByteSource } from '../../source/source.ts';
import type { CatalogEntry } from './boot-catalog.ts';

/** Sectors as the catalog counts them, and as the disc does. */
export const VIRTUAL_SECTOR = 512;
export const DISC_SECTOR = 2048;

const FLOPPIES: Readonly<Record<number, number>> = { 1: 1_228_800, 2: 1_474_560, 3: 2_949_120 };
const HARD_DISK = 4;
const EFI = 0xef;

/** Bytes of a FAT volume by its BIOS parameter block, 0 where there is none (ECMA-107 9). */
export function fatSize(boot: Block): number {
  if (boot.length < 512 || boot.u16le(510) !== 0xaa55) return 0;
  const bytesPerSector = boot.u16le(11);
  const perCluster = boot.u8(13);
  if (
    ![512, 1024, 2048, 4096].includes(bytesPerSector) ||
    perCluster === 0 ||
    (perCluster & (perCluster - 1)) !== 0 ||
    boot.u16le(14) === 0
  )
    return 0;
  return (boot.u16le(19) || boot.u32le(32)) * bytesPerSector;
}

/** Length in the boot information table of isolinux and GRUB, 0 where there is none: it names its own place (mkisofs -boot-info-table). */
export function bootInfoLength(boot: Block, lba: number): number {
  if (boot.length < 24 || boot.u32le(12) !== lba) return 0;
  // Bytes 8..11 are the volume descriptor's sector.
  return boot.u32le(8) >= 16 && boot.u32le(8) < 4096 ? boot.u32le(16) : 0;
}

/** Bytes up to the end of the last partition of a hard disk image (El Torito 2.2). */
function diskSize(boot: Block): number {
  if (boot.length < 512 || boot.u16le(510) !== 0xaa55) return 0;
  let end = 0;
  for (let at = 446; at < 510; at += 16) if (boot.u8(at + 4) !== 0) end = Math.max(end, boot.u32le(at + 8) + boot.u32le(at + 12));
  return end * VIRTUAL_SECTOR;
}

/** Wanted size of a boot image in bytes: by what it is, else what the firmware loads. The medium may end before. */
export async function bootImageSize(source: ByteSource, entry: CatalogEntry, signal?: AbortSignal): Promise<number> {
  const offset = entry.lba * DISC_SECTOR;
  const room = Math.max(0, source.size - offset);
  const load = entry.loadSectors * VIRTUAL_SECTOR;
  const boot = new Block(room === 0 ? new Uint8Array(0) : await source.read(offset, Math.min(room, DISC_SECTOR), signal), offset);
  // UEFI loads to the end of the medium where no count is given; a BIOS loads what it is told to: one sector of the disc is shown.
  const unknown = entry.platform === EFI ? Math.max(room, VIRTUAL_SECTOR) : DISC_SECTOR;
  return knownSize(boot, entry, load) || load || unknown;
}

function knownSize(boot: Block, entry: CatalogEntry, load: number): number {
  if (FLOPPIES[entry.media]) return FLOPPIES[entry.media] as number;
  if (entry.media === HARD_DISK) return diskSize(boot);
  const fat = fatSize(boot);
  // UEFI: 0 or 1 sectors mean "to the end of the medium"; a count above 65,535 does not fit either (UEFI 13.3.2.1).
  if (entry.platform === EFI) return Math.max(fat, load > VIRTUAL_SECTOR ? load : 0);
  return bootInfoLength(boot, entry.lba) || (fat > load ? fat : 0);
}
