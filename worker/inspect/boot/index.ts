import type { BootCatalogEntry, BootEntryReport, BootReport, SystemAreaReport } from '../../protocol/boot.ts';
import { readBootImageMarks, type BootImageMarks } from '../../formats/el-torito/boot-info.ts';
import { Findings } from '../../formats/findings.ts';
import { DISK_SECTOR, readSystemArea } from '../../formats/partition/index.ts';
import { sliceSource } from '../../source/slice.ts';
import type { ByteSource } from '../../source/source.ts';
import type { DiscImage } from '../image.ts';
import { bootFiles, filesOver } from './boot-files.ts';
import { openEfiVolumes } from './efi-volumes.ts';
import { efiLoaders, LoaderBudget } from './loaders.ts';
import { bootMenus } from './menus/index.ts';
import { MenuTree } from './menus/menu-tree.ts';
import { identifyProgram } from './programs.ts';
import { bootVerdicts, FAT32_MOST } from './verdict.ts';
import { writingAdvice } from './writing.ts';

/** A part of the report, and what was seen on the way. */
export interface SeenBoot {
  readonly report: BootReport;
  readonly findings: Findings;
}

/** All that tells whether and how an image starts a machine, and what was seen on the way. */
export async function bootReport(image: DiscImage): Promise<SeenBoot> {
  const findings = new Findings();
  const { source } = image;
  const catalogEntries = image.opened.flatMap((format) => format.boot);
  const looked = new Map<number, BootImageFacts>();
  const boot: BootEntryReport[] = [];
  for (const entry of catalogEntries) {
    // Many entries can name one image.
    const known = looked.get(entry.offset);
    const facts = known ?? (looked.size < MAX_LOOKED ? await imageFacts(source, entry) : NOTHING_KNOWN);
    looked.set(entry.offset, facts);
    if (!known && facts.bootInfo?.checksum === 'wrong')
      findings.add(
        'warning',
        'boot-info-checksum',
        entry.offset,
        'mkisofs -boot-info-table',
        'The checksum in a boot image does not agree with it: the image was changed after the disc was made.',
      );
    boot.push({ ...entry, ...facts });
  }
  const area = await readSystemArea(
    source,
    boot.map(({ offset }) => offset),
    findings,
  );
  const systemArea = { ...area, mbr: area.mbr && { ...area.mbr, program: await identifyProgram(source, 'mbr') } };
  const bootCatalog = image.opened.map((format) => format.bootCatalog).find((catalog) => catalog) ?? null;
  const shown = image.shown === null ? null : image.view(image.shown);
  const places = [...boot.map(({ offset }) => offset), ...(bootCatalog ? [bootCatalog.at] : []), ...startedPlaces(systemArea)];
  const volumes = await openEfiVolumes(source, boot, systemArea, findings);
  const budget = new LoaderBudget();
  const loaders = shown ? await efiLoaders(shown, null, budget) : [];
  for (const { view, report } of volumes) if (view) loaders.push(...(await efiLoaders(view, report.offset, budget)));
  const efiVolumes = volumes.map(({ report }) => report);
  const trees = [
    ...(shown ? [{ tree: new MenuTree(shown), volume: null }] : []),
    ...volumes.flatMap(({ view, report }) => (view ? [{ tree: new MenuTree(view), volume: report.offset }] : [])),
  ];
  const labels = [...image.views.map(({ volume }) => volume.label), ...efiVolumes.map(({ label }) => label)];
  const menus = await bootMenus(trees, labels, findings);
  const largeFiles = shown ? filesOver(shown, FAT32_MOST) : [];
  const verdicts = bootVerdicts({
    imageSize: source.size,
    cutShort: image.missing > 0,
    boot,
    systemArea,
    efiVolumes,
    loaders,
    menus,
    largeFiles,
  });
  const files = shown ? bootFiles(shown, places) : [];
  const writing = writingAdvice({
    name: source.name,
    boots: verdicts,
    label: menus.flatMap((menu) => menu.labels)[0]?.label ?? '',
    largeFiles: largeFiles.map(({ path }) => path),
  });
  const report = { boot, bootCatalog, systemArea, bootFiles: files, efiVolumes, loaders, bootMenus: menus, boots: verdicts, writing };
  return { report, findings };
}

type BootImageFacts = BootImageMarks & Pick<BootEntryReport, 'program'>;

/** Boot images that are looked into; discs have one to four. */
const MAX_LOOKED = 16;
const NOTHING_KNOWN: BootImageFacts = { bootInfo: null, grub2BootInfo: false, isohybridSuitable: false, program: null };

/** What a boot image says of itself. An EFI image is a file system: what is in it is told by `loaders`. */
async function imageFacts(source: ByteSource, { platform, offset, size }: BootCatalogEntry): Promise<BootImageFacts> {
  const marks = await readBootImageMarks(source, offset, size);
  const room = Math.min(size, source.size - offset);
  if (platform === 'uefi' || room <= 0) return { ...marks, program: null };
  return { ...marks, program: await identifyProgram(sliceSource(source, offset, room, 'boot image'), 'bios') };
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
