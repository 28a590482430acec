import type { BootCatalogEntry } from '../../protocol/boot.ts';
import type { MapKind } from '../../protocol/disc-map.ts';
import { isAbort } from '../../protocol/errors.ts';
import { Findings } from '../../formats/findings.ts';
import { gptPlaces, partitionsOf, readSystemArea, SYSTEM_AREA } from '../../formats/partition/index.ts';
import type { DiscStructure } from '../../formats/volume.ts';
import type { DiscImage } from '../image.ts';
import type { Spans } from './spans.ts';
import type { StructureNames } from './structure-names.ts';

/** Bytes of an MBR, and of a boot catalog's first sector. */
const MBR = 512;
const SECTOR = 2048;
const CATALOG_ENTRY = 32;
/** Descriptors of another session that are looked at, and what they begin with behind their type. */
const MAX_DESCRIPTORS = 64;
const MARKS: readonly string[] = ['CD001', 'BEA01', 'NSR02', 'NSR03', 'TEA01'];

/** The layers that structures go to: what stands exactly there, boot images, and areas that hold other things too. */
export interface StructureLayers {
  readonly exact: Spans;
  readonly boot: Spans;
  readonly areas: Spans;
}

/** Add what is on the medium outside of trees: system area, partition tables, descriptors, boot images, partitions behind the volume. */
export async function claimStructures(image: DiscImage, volumeEnd: number, names: StructureNames, layers: StructureLayers): Promise<void> {
  const { source } = image;
  for (const format of image.opened) for (const each of await structuresOf(format)) add(names, layers, each, 'sys');
  const entries = image.opened.flatMap((format) => format.boot);
  claimBoot(image, entries, names, layers.boot);
  const area = await readSystemArea(
    source,
    entries.map(({ offset }) => offset),
    new Findings(),
  );
  const { mbr, gpt, apm } = area;
  if (mbr) names.claim(layers.exact, 'Master boot record', 'sys', 0, MBR);
  if (gpt) for (const place of await gptPlaces(source, gpt)) add(names, layers, place, 'sys');
  if (apm) names.claim(layers.exact, 'Apple partition map', 'sys', apm.blockSize, apm.blockSize * apm.partitions.length);
  const { sessions, session } = image.session;
  const own = sessions.find(({ number }) => number === session)?.start ?? 0;
  // A disc that grows has copies of its newest descriptors where a drive looks first.
  const starts = [0, ...sessions.filter(({ kind }) => kind === 'session').map(({ start }) => start * SECTOR)].filter(
    (start) => start !== own * SECTOR,
  );
  for (const start of [...starts, ...(mbr && mbr.partitionOffset > 0 ? [mbr.partitionOffset * SECTOR] : [])])
    await claimDescriptors(image, start, start + SYSTEM_AREA, names, layers.exact);
  if (image.views.length > 0)
    names.claim(layers.areas, `System area${area.state === 'empty' ? ', zeros' : ''}`, 'sys', 0, Math.min(SYSTEM_AREA, source.size));
  for (const { scheme, number, offset, size, type, name } of partitionsOf(area, source.size)) {
    const efi = /^(EFI|FAT)/.test(type);
    // A partition over the volume says nothing of its bytes; one behind it, or of another file system, does.
    if (offset < SYSTEM_AREA || (offset < volumeEnd && !efi)) continue;
    const called = `Partition ${number} (${scheme.toUpperCase()}), ${type}${name ? `, “${name}”` : ''}`;
    names.claim(layers.areas, called, efi ? 'boot' : 'oth', offset, size);
  }
}

/** Volume descriptors for other readers than this one: of another session, or for who mounts a partition (ECMA-119 6.7.1). */
async function claimDescriptors({ source }: DiscImage, start: number, offset: number, names: StructureNames, exact: Spans): Promise<void> {
  const length = Math.min(MAX_DESCRIPTORS * SECTOR, source.size - offset);
  if (length < SECTOR) return;
  const bytes = await source.read(offset, length);
  for (let at = 0; at + SECTOR <= bytes.length; at += SECTOR) {
    if (!MARKS.includes(String.fromCharCode(...bytes.subarray(at + 1, at + 6)))) return;
    names.claim(exact, `Volume descriptor of the session or partition at sector ${start / SECTOR}`, 'sys', offset + at, SECTOR);
  }
}

async function structuresOf({ structures }: { structures?: () => Promise<readonly DiscStructure[]> }): Promise<readonly DiscStructure[]> {
  try {
    return (await structures?.()) ?? [];
  } catch (error) {
    // What cannot be read or understood has no place on a map; what is wrong with it was told when the disc was opened.
    if (isAbort(error)) throw error;
    return [];
  }
}

function add(names: StructureNames, { exact, areas }: StructureLayers, { offset, length, name, area }: DiscStructure, kind: MapKind): void {
  names.claim(area ? areas : exact, name, kind, offset, length);
}

/** The boot catalog and the images that it names: most are files too, which go before. */
function claimBoot(image: DiscImage, entries: readonly BootCatalogEntry[], names: StructureNames, boot: Spans): void {
  const catalog = image.opened.map((format) => format.bootCatalog).find((each) => each);
  if (catalog) {
    const last = Math.max(catalog.at, ...entries.map(({ at }) => at)) + CATALOG_ENTRY;
    names.claim(boot, 'Boot catalog', 'boot', catalog.at, Math.ceil((last - catalog.at) / SECTOR) * SECTOR);
  }
  for (const { offset, size, platform, emulation } of entries)
    names.claim(boot, `Boot image, ${platform}, ${emulation}`, 'boot', offset, size);
}
