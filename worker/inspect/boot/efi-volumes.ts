import type { BootEntryReport, EfiVolumeReport, SystemAreaReport } from '../../protocol/boot.ts';
import { ROOT } from '../../protocol/entry.ts';
import { openFat } from '../../formats/fat/index.ts';
import type { Findings } from '../../formats/findings.ts';
import { DISK_SECTOR } from '../../formats/partition/index.ts';
import type { ByteSource } from '../../source/source.ts';
import { findVolume } from '../nested.ts';
import { View } from '../view.ts';

/** Volumes that are looked into; discs have one to three. */
const MAX_VOLUMES = 8;
const EFI_SYSTEM = 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b';
const EFI_TYPE = 0xef;

/** An EFI volume with its tree, where that could be read. */
export interface EfiVolume {
  readonly report: EfiVolumeReport;
  readonly view: View | null;
}

/** The file systems that the boot catalog and the partitions have for UEFI, each place once. */
export async function openEfiVolumes(
  source: ByteSource,
  boot: readonly BootEntryReport[],
  { mbr, gpt }: SystemAreaReport,
  findings: Findings,
): Promise<EfiVolume[]> {
  const places = new Map<number, Omit<EfiVolumeReport, 'title' | 'label'>>();
  const add = (offset: number, size: number, from: EfiVolumeReport['from']): void => {
    if (!places.has(offset) && offset < source.size && places.size < MAX_VOLUMES) places.set(offset, { offset, size, from });
  };
  for (const { platform, offset, size } of boot) if (platform === 'uefi') add(offset, size, 'boot-catalog');
  for (const { type, start, blocks } of gpt?.partitions ?? [])
    if (type === EFI_SYSTEM) add(start * (gpt?.blockSize ?? DISK_SECTOR), blocks * (gpt?.blockSize ?? DISK_SECTOR), 'partition');
  for (const { type, start, sectors } of mbr?.records ?? [])
    if (type === EFI_TYPE) add(start * DISK_SECTOR, sectors * DISK_SECTOR, 'partition');
  const volumes: EfiVolume[] = [];
  for (const place of places.values()) volumes.push(await openVolume(source, place, findings));
  return volumes;
}

async function openVolume(source: ByteSource, place: Omit<EfiVolumeReport, 'title' | 'label'>, findings: Findings): Promise<EfiVolume> {
  const found = await findVolume(source, [{ offset: place.offset, length: place.size }]);
  if (!found) {
    findings.add(
      'warning',
      'efi-volume',
      place.offset,
      'UEFI 13.3',
      'What is there for UEFI is no FAT file system: firmware finds no loader in it.',
    );
    return { report: { ...place, title: '', label: '' }, view: null };
  }
  const { volume } = await openFat(source, found.held, 'nested-0');
  const view = new View(volume);
  await view.read(() => undefined);
  for (const { severity, code, at, spec, detail } of volume.findings.list) findings.add(severity, code, at, spec, detail);
  return { report: { ...place, title: found.title, label: volume.label }, view: view.catalog.isRead(ROOT) ? view : null };
}
