import { Block } from '../../bytes/block.ts';
import type { BootInfoReport } from '../../protocol/boot.ts';
import type { ByteSource } from '../../source/source.ts';
import { bootInfoLength, DISC_SECTOR } from './image-size.ts';

/** Words of a boot image up to here are not summed: the table itself lies among them. */
const SUMMED_FROM = 64;
/** A longer image is not summed; loaders have 2 KiB to 2 MiB. */
const MAX_SUMMED = 16 * 1024 * 1024;
/** Where the boot image of GRUB 2 has the place of its second part, in 512-byte sectors, and how far that lies behind its own. */
const GRUB2_PLACE = 2548;
const GRUB2_BEHIND = 5;
/** Where isolinux has the mark that the code of an isohybrid MBR compares. */
const ISOHYBRID_MARK = 64;
const ISOHYBRID = 0x7078c0fb;

/** What makers write into boot images, and what they look for in them. */
export interface BootImageMarks {
  readonly bootInfo: BootInfoReport | null;
  readonly grub2BootInfo: boolean;
  readonly isohybridSuitable: boolean;
}

/** The marks of the boot image at `offset`, `size` bytes of which are its own. */
export async function readBootImageMarks(source: ByteSource, offset: number, size: number, signal?: AbortSignal): Promise<BootImageMarks> {
  const room = Math.max(0, Math.min(source.size - offset, Math.max(size, DISC_SECTOR), MAX_SUMMED));
  const image = new Block(room === 0 ? new Uint8Array(0) : await source.read(offset, Math.min(room, 2 * DISC_SECTOR), signal), offset);
  const lba = offset / DISC_SECTOR;
  const length = bootInfoLength(image, lba);
  return {
    bootInfo: length > 0 ? await readTable(source, image, length, signal) : null,
    grub2BootInfo:
      image.length >= GRUB2_PLACE + 8 && image.u32le(GRUB2_PLACE) === lba * 4 + GRUB2_BEHIND && image.u32le(GRUB2_PLACE + 4) === 0,
    isohybridSuitable: image.length >= ISOHYBRID_MARK + 4 && image.u32le(ISOHYBRID_MARK) === ISOHYBRID,
  };
}

/** The boot information table: the sum is that of all 32-bit words behind it (mkisofs -boot-info-table). */
async function readTable(source: ByteSource, image: Block, length: number, signal?: AbortSignal): Promise<BootInfoReport> {
  const table = { descriptorSector: image.u32le(8), imageSector: image.u32le(12), length };
  if (image.base + length > source.size || length > MAX_SUMMED) return { ...table, checksum: 'unknown' };
  const whole = new Block(await source.read(image.base, length, signal), image.base);
  let sum = 0;
  for (let at = SUMMED_FROM; at < length; at += 4) {
    // The last word is filled up with zeros.
    for (let byte = 0; byte < 4 && at + byte < length; byte++) sum = (sum + (whole.u8(at + byte) << (8 * byte))) >>> 0;
  }
  return { ...table, checksum: sum === image.u32le(20) ? 'right' : 'wrong' };
}
