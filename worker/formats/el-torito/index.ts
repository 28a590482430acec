import type { BootCatalogEntry } from '../../protocol/boot.ts';
import { Block } from '../../bytes/block.ts';
import { ImageError } from '../../protocol/errors.ts';
import type { BootCatalogReport } from '../../protocol/boot.ts';
import type { VolumeReport } from '../../protocol/inspector.ts';
import type { ByteSource } from '../../source/source.ts';
import { Findings } from '../findings.ts';
import type { OpenedFormat, VolumeFormat } from '../volume.ts';
import { EMULATIONS, MAX_BOOT_ENTRIES, CATALOG_ENTRY, readBootCatalog, readValidationEntry } from './boot-catalog.ts';
import { bootImageSize, DISC_SECTOR } from './image-size.ts';
import { BootVolume, type BootImage } from './volume.ts';

const FIRST_DESCRIPTOR = 16;
const MAX_DESCRIPTORS = 64;
const SPECIFICATION = 'EL TORITO SPECIFICATION';
/** Bytes of a catalog that are read: a header and an extension for each image. */
const MAX_CATALOG = 3 * MAX_BOOT_ENTRIES * CATALOG_ENTRY;

const PLATFORMS: Readonly<Record<number, string>> = { 0: 'bios', 1: 'powerpc', 2: 'mac', 0xef: 'uefi' };

const platformName = (id: number): string => PLATFORMS[id] ?? `platform-${id}`;

/** El Torito: the boot images of a disc as files of a view of their own (El Torito 1.0). */
export const elTorito: VolumeFormat = {
  id: 'el-torito',
  title: 'Bootable disc image',

  async probe(source, signal, session = 0) {
    return (await findBootRecord(source, session, signal)) !== null;
  },

  async open(source, signal, session = 0) {
    const record = await findBootRecord(source, session, signal);
    if (!record)
      throw new ImageError('no-boot-record', 'There is no El Torito boot record.', FIRST_DESCRIPTOR * DISC_SECTOR, 'El Torito 2.0');
    const findings = new Findings();
    const lba = record.u32le(71);
    const offset = lba * DISC_SECTOR;
    const images: BootImage[] = [];
    const boot: BootCatalogEntry[] = [];
    let bootCatalog: BootCatalogReport | null = null;
    if (offset + DISC_SECTOR > source.size || lba === 0) {
      findings.add(
        'damage',
        'boot-catalog-past-end',
        record.base + 71,
        'El Torito 2.0',
        `The boot catalog at ${offset} lies past the end of the image.`,
      );
    } else {
      const catalog = new Block(await source.read(offset, Math.min(MAX_CATALOG, source.size - offset), signal), offset);
      const { platform, maker, state } = readValidationEntry(catalog);
      bootCatalog = { at: offset, platform: platformName(platform), maker, validation: state };
      for (const entry of readBootCatalog(catalog, findings)) {
        const platform = platformName(entry.platform);
        const emulation = EMULATIONS[entry.media] ?? `media-${entry.media}`;
        const size = await bootImageSize(source, entry, signal);
        const start = entry.lba * DISC_SECTOR;
        if (start + size > source.size)
          findings.add(
            'damage',
            'boot-image-past-end',
            entry.at,
            'El Torito 2.2',
            start < source.size
              ? `A boot image of ${size} bytes at ${start} runs past the end of the image.`
              : `A boot image at ${start} lies past the end of the image.`,
          );
        const name = `${images.length + 1}-${platform}${platform === 'uefi' && entry.media === 0 ? '' : `-${emulation}`}.img`;
        images.push({ name, offset: start, size, record: entry.at });
        const { at, bootable, loadSectors, loadSegment, systemType, section, criteria } = entry;
        boot.push({ platform, emulation, bootable, offset: start, size, loadSectors, at, loadSegment, systemType, section, criteria });
      }
    }
    const report: VolumeReport = {
      format: 'el-torito',
      descriptors: [
        { title: 'El Torito boot record', at: record.base, fields: { bootSystemIdentifier: SPECIFICATION, bootCatalogSector: lba } },
      ],
    };
    const volumes = images.length > 0 ? [new BootVolume(source, images, findings)] : [];
    return {
      volumes,
      report: [report],
      boot,
      bootCatalog,
      findings: volumes.length > 0 ? new Findings() : findings,
    } satisfies OpenedFormat;
  },
};

/** The boot record among the volume descriptors, at any position (El Torito 2.0). */
async function findBootRecord(source: ByteSource, session: number, signal?: AbortSignal): Promise<Block | null> {
  const offset = (session + FIRST_DESCRIPTOR) * DISC_SECTOR;
  const length = Math.min(MAX_DESCRIPTORS * DISC_SECTOR, source.size - offset);
  if (length < DISC_SECTOR) return null;
  const set = new Block(await source.read(offset, length, signal), offset);
  for (let at = 0; at + DISC_SECTOR <= set.length; at += DISC_SECTOR) {
    const sector = set.slice(at, DISC_SECTOR);
    if (text(sector, 1, 5) !== 'CD001') {
      if (at > 0) return null;
    } else if (sector.u8(0) === 0 && text(sector, 7, SPECIFICATION.length) === SPECIFICATION) return sector;
    else if (sector.u8(0) === 255) return null;
  }
  return null;
}

function text(block: Block, at: number, length: number): string {
  return String.fromCharCode(...block.part(at, length));
}
