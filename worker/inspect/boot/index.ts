import type { BootEntryReport, SystemAreaReport } from '../../protocol/boot.ts';
import type { InspectionReport } from '../../protocol/inspector.ts';
import { readBootImageMarks } from '../../formats/el-torito/boot-info.ts';
import { Findings } from '../../formats/findings.ts';
import { DISK_SECTOR, readSystemArea } from '../../formats/partition/index.ts';
import type { DiscImage } from '../image.ts';
import { bootFiles } from './boot-files.ts';

export type BootReport = Pick<InspectionReport, 'boot' | 'bootCatalog' | 'systemArea' | 'bootFiles'>;

/** All that tells whether and how an image starts a machine, and what was seen on the way. */
export async function bootReport(image: DiscImage): Promise<{ readonly report: BootReport; readonly findings: Findings }> {
  const findings = new Findings();
  const { source } = image;
  const catalogEntries = image.opened.flatMap((format) => format.boot);
  const boot: BootEntryReport[] = [];
  for (const entry of catalogEntries) {
    const marks = await readBootImageMarks(source, entry.offset, entry.size);
    if (marks.bootInfo?.checksum === 'wrong')
      findings.add(
        'warning',
        'boot-info-checksum',
        entry.offset,
        'mkisofs -boot-info-table',
        'The checksum in a boot image does not agree with it: the image was changed after the disc was made.',
      );
    boot.push({ ...entry, ...marks });
  }
  const systemArea = await readSystemArea(
    source,
    boot.map(({ offset }) => offset),
    findings,
  );
  const bootCatalog = image.opened.map((format) => format.bootCatalog).find((catalog) => catalog) ?? null;
  const shown = image.shown === null ? null : image.view(image.shown);
  const places = [...boot.map(({ offset }) => offset), ...(bootCatalog ? [bootCatalog.at] : []), ...startedPlaces(systemArea)];
  return { report: { boot, bootCatalog, systemArea, bootFiles: shown ? bootFiles(shown, places) : [] }, findings };
}

/** Where partitions and boot blocks point, in bytes. */
function startedPlaces({ mbr, gpt, apm, machines }: SystemAreaReport): number[] {
  return [
    ...(mbr?.records.map(({ start }) => start * DISK_SECTOR) ?? []),
    ...(gpt?.partitions.map(({ start }) => start * gpt.blockSize) ?? []),
    ...(apm?.partitions.map(({ start }) => start * apm.blockSize) ?? []),
    ...machines.flatMap(({ starts }) => starts.map(({ offset }) => offset)),
  ];
}
