import { Block } from '../../bytes/block.ts';
import type { ViewId } from '../../protocol/entry.ts';
import { ImageError } from '../../protocol/errors.ts';
import { RunsSource, type Run } from '../../source/runs.ts';
import type { ByteSource } from '../../source/source.ts';
import { Findings } from '../findings.ts';
import { BOOT_SECTOR, readBootSector, readFsInfo, type FatLayout } from './boot-sector.ts';
import { readDirectory } from './directory-entry.ts';
import { FileAllocationTable } from './table.ts';
import { FatVolume } from './volume.ts';

export { throughRuns } from './table.ts';

/** Copies of the table are compared up to so many bytes. */
const MAX_COMPARED = 4 * 1024 * 1024;
const SPEC = 'FAT 1.03';

/** A volume with the facts that its boot sector gives. */
export interface OpenedFat {
  readonly volume: FatVolume;
  readonly layout: FatLayout;
}

/** What a source begins with, if that is a FAT volume. */
export async function probeFat(source: ByteSource, signal?: AbortSignal): Promise<FatLayout | null> {
  if (source.size < BOOT_SECTOR) return null;
  return readBootSector(new Block(await source.read(0, BOOT_SECTOR, signal), 0));
}

/** The FAT volume that lies in a medium as these runs say, to be shown as view `id`; ImageError where there is none (FAT 1.03). */
export async function openFat(medium: ByteSource, held: readonly Run[], id: ViewId, signal?: AbortSignal): Promise<OpenedFat> {
  const source = new RunsSource(medium, held, medium.name);
  const first = held[0] && 'offset' in held[0] ? held[0].offset : 0;
  const layout = await probeFat(source, signal);
  if (!layout) throw new ImageError('no-fat', 'There is no FAT file system.', first, SPEC);
  const findings = new Findings();
  const table = await FileAllocationTable.read(source, layout, layout.activeTable, signal);
  if (layout.tables > 1 && layout.tableLength <= MAX_COMPARED && layout.tableOffset + 2 * layout.tableLength <= source.size) {
    const other = await FileAllocationTable.read(source, layout, layout.activeTable === 0 ? 1 : 0, signal);
    if (!table.equals(other))
      findings.add(
        'warning',
        'fat-copies-differ',
        first + layout.tableOffset,
        SPEC,
        'The two copies of the file allocation table differ; the first was used.',
      );
  }
  if (layout.size > source.size)
    findings.add('warning', 'fat-cut', first + 32, SPEC, 'The FAT file system is larger than the image it lies in.');
  const information = layout.infoSector * layout.bytesPerSector;
  if (information > 0 && information + BOOT_SECTOR <= source.size) {
    const free = readFsInfo(new Block(await source.read(information, BOOT_SECTOR, signal), first + information));
    if (free === undefined || (free !== null && free > layout.clusters))
      findings.add('note', 'fat-fsinfo', first + information, SPEC, 'The count of free clusters (FSInfo) makes no sense; it is not used.');
  }
  const label = (await rootLabel(source, layout, table, signal)) || layout.label;
  return { volume: new FatVolume(medium, source, table, { id, label, findings, held }), layout };
}

/** The label that the root directory has: it goes before that of the boot sector. */
async function rootLabel(source: ByteSource, layout: FatLayout, table: FileAllocationTable, signal?: AbortSignal): Promise<string> {
  const root = 'offset' in layout.root ? layout.root : table.chain(layout.root.cluster, layout.clusterSize, true).runs[0];
  const length = root ? Math.min(root.length, source.size - root.offset) : 0;
  if (!root || length <= 0) return '';
  return readDirectory(new Block(await source.read(root.offset, length, signal), root.offset), layout.bits === 32).label;
}
