import { Block } from '../../bytes/block.ts';
import { ImageError } from '../../protocol/errors.ts';
import type { VolumeReport } from '../../protocol/inspector.ts';
import type { ViewId } from '../../protocol/entry.ts';
import type { ByteSource } from '../../source/source.ts';
import { Findings } from '../findings.ts';
import type { DiscStructure, OpenedFormat, VolumeFormat } from '../volume.ts';
import { SECTOR } from './directory-record.ts';
import { placeOf } from './extents.ts';
import { isDirectory } from './path-table.ts';
import { findRockRidge } from './sharing.ts';
import { descriptorSectors, pathTables, type PathTables } from './structures.ts';
import type { Naming, TreeForm } from './tree-form.ts';
import {
  checkReserved,
  descriptorKind,
  FIRST_DESCRIPTOR,
  MAX_DESCRIPTORS,
  readDescriptorSet,
  readVolumeDescriptor,
  type DescriptorSector,
  type VolumeDescriptor,
} from './volume-descriptor.ts';
import { IsoVolume } from './volume.ts';
import { nearCache, nearWindow } from './windows.ts';

/** Sectors in which `probe` looks for a first descriptor. */
const PROBED = 9;

/** Trees by descriptor, in the order of `volumes`. */
const TREES = [
  ['joliet', 'ucs2'],
  ['iso1999', 'verbatim'],
  ['primary', 'identifier'],
  ['highsierra', 'identifier'],
] as const satisfies readonly (readonly [string, Naming])[];

const TITLES: Partial<Record<string, string>> = {
  boot: 'Boot record',
  primary: 'Primary volume descriptor',
  joliet: 'Joliet volume descriptor',
  iso1999: 'Enhanced volume descriptor',
  supplementary: 'Supplementary volume descriptor',
  partition: 'Volume partition descriptor',
  highsierra: 'High Sierra volume descriptor',
};

/** ISO 9660 with Rock Ridge, Joliet and ISO 9660:1999, and High Sierra (ECMA-119). */
export const iso9660: VolumeFormat = {
  id: 'iso9660',
  title: 'ISO 9660 disc image',

  async probe(source, signal, session = 0) {
    const offset = (session + FIRST_DESCRIPTOR) * SECTOR;
    if (source.size < offset + SECTOR) return false;
    const bytes = await source.read(offset, Math.min(PROBED * SECTOR, source.size - offset), signal);
    const block = new Block(bytes, offset);
    for (let at = 0; at + SECTOR <= block.length; at += SECTOR) {
      const kind = descriptorKind(block.slice(at, SECTOR));
      if (kind && kind !== 'boot' && kind !== 'terminator') return true;
    }
    return false;
  },

  async open(source, signal, session = 0) {
    const findings = new Findings();
    const near = nearCache(source);
    const first = session + FIRST_DESCRIPTOR;
    const head = session === 0 ? await nearWindow(near, 0, signal) : await descriptorArea(source, first, signal);
    const sectors = readDescriptorSet(head, findings, first);
    const bootCatalog = findBootCatalog(sectors);
    const volumes: IsoVolume[] = [];
    const report: VolumeReport['descriptors'][number][] = [];
    const described = new Map<DescriptorSector, VolumeDescriptor>();
    const tables: PathTables[] = [];
    for (const sector of sectors) {
      const title = TITLES[sector.kind];
      if (['boot', 'partition', 'unknown'].includes(sector.kind)) {
        if (title) report.push({ title, at: sector.block.base, fields: {} });
        continue;
      }
      const descriptor = readVolumeDescriptor(sector);
      described.set(sector, descriptor);
      report.push({ title: title ?? sector.kind, at: sector.block.base, fields: descriptor.fields });
      checkReserved(descriptor, findings);
      if (sector.kind === 'supplementary')
        findings.add(
          'note',
          'supplementary-unknown',
          sector.block.base,
          'ECMA-119 8.5.6',
          'A supplementary volume descriptor is in no charset known here; its tree is not shown.',
        );
    }
    for (const [kind, naming] of TREES) {
      const [descriptor, copy] = [...described.values()].filter((each) => each.kind === kind);
      if (!descriptor) continue;
      if (copy)
        findings.add(
          'note',
          'descriptor-copy',
          copy.block.base,
          'ECMA-119 6.7.1.1',
          'A volume descriptor is recorded more than once; the first was used.',
        );
      const own = new Findings();
      const { claimedSize, ...form } = await treeForm(near, descriptor, naming, bootCatalog, session, own, signal);
      tables.push({ ...form.pathTable, blockSize: form.blockSize, of: TITLES[kind] ?? kind });
      const created = descriptor.created === descriptor.created ? descriptor.created : null;
      const facts = { label: descriptor.label, created, claimedSize };
      const id: ViewId = kind === 'primary' ? 'iso9660' : kind;
      if (kind === 'primary') {
        const ridgeFindings = new Findings();
        const skip = await findRockRidge(near, form, ridgeFindings, signal);
        if (skip !== null) volumes.unshift(new IsoVolume(source, near, { ...form, skip }, { id: 'rockridge', ...facts }, ridgeFindings));
      }
      volumes.push(new IsoVolume(source, near, form, { id, ...facts }, own));
    }
    if (volumes.length === 0)
      throw new ImageError('no-volume', 'There is no volume descriptor that names a directory.', first * SECTOR, 'ECMA-119 6.7.1');
    const structures = async (): Promise<DiscStructure[]> => [...descriptorSectors(head, sectors, TITLES), ...pathTables(tables)];
    return { volumes, report: [{ format: 'iso9660', descriptors: report }], boot: [], findings, structures } satisfies OpenedFormat;
  },
};

/** Where a later session's descriptors may stand (ECMA-119 6.7.1, block numbers counted from the start of the disc). */
async function descriptorArea(source: ByteSource, first: number, signal?: AbortSignal): Promise<Block> {
  const at = first * SECTOR;
  return new Block(await source.read(at, Math.min(MAX_DESCRIPTORS * SECTOR, source.size - at), signal), at);
}

/** Absolute offset of the boot catalog that an El Torito boot record names, -1 where there is none (El Torito 2.0). */
function findBootCatalog(sectors: readonly DescriptorSector[]): number {
  for (const { kind, block } of sectors) {
    if (kind === 'boot' && String.fromCharCode(...block.part(7, 23)) === 'EL TORITO SPECIFICATION') return block.u32le(71) * SECTOR;
  }
  return -1;
}

/** How this descriptor's tree is to be read, with what it claims mended where that is plain (ECMA-119 8.4.8, 8.4.12). */
async function treeForm(
  near: ByteSource,
  descriptor: VolumeDescriptor,
  naming: Naming,
  bootCatalog: number,
  session: number,
  findings: Findings,
  signal?: AbortSignal,
): Promise<TreeForm & { claimedSize: number | null }> {
  const highSierra = descriptor.kind === 'highsierra';
  const at = descriptor.block.base;
  const blockSize = await blockSizeOf(near, descriptor, highSierra, findings, signal);
  const root = placeOf(descriptor.root, blockSize, near.size);
  if (root.disagree)
    findings.add(
      'warning',
      'both-endian-disagree',
      descriptor.root.offset,
      'ECMA-119 7.3.3',
      'The two byte orders of the root record disagree; the one inside the image was taken.',
    );
  const [little, big] = descriptor.spaceBlocks;
  const blocks = little || big;
  if (little !== big)
    findings.add(
      'warning',
      'both-endian-disagree',
      at + 80,
      'ECMA-119 7.3.3',
      `The volume's size is ${little} blocks in one byte order and ${big} in the other; ${blocks} was taken.`,
    );
  if (blocks === 0)
    findings.add('warning', 'volume-size-zero', at + 80, 'ECMA-119 8.4.8', 'The volume claims to have no blocks; the claim was ignored.');
  return {
    naming,
    highSierra,
    blockSize,
    skip: null,
    rootLba: root.lba,
    rootLength: root.length,
    rootRecord: descriptor.root.offset,
    sourceSize: near.size,
    held: near,
    bootCatalog,
    volumeSequence: descriptor.sequence,
    volumeSetSize: descriptor.setSize,
    pathTable: descriptor.pathTable,
    claimedSize: blocks > 0 ? claimedEnd(blocks * blockSize, session * SECTOR, near.size) : null,
  };
}

/** End of the volume in bytes: a later session's size is counted from its own start by most writers, by some from the disc's. */
function claimedEnd(size: number, start: number, sourceSize: number): number {
  return start + size <= sourceSize ? start + size : size;
}

/** The logical block size: as recorded where it is a power of two from 512, else the one by which a root directory is found (ECMA-119 6.2.2, 8.4.12). */
async function blockSizeOf(
  near: ByteSource,
  descriptor: VolumeDescriptor,
  highSierra: boolean,
  findings: Findings,
  signal?: AbortSignal,
): Promise<number> {
  const [little, big] = descriptor.blockSizes;
  const valid = (size: number): boolean => size >= 512 && size <= 32768 && (size & (size - 1)) === 0;
  const candidates = [...new Set([little, big, 2048, 512, 1024, 4096].filter(valid))];
  for (const blockSize of candidates) {
    const { lba } = placeOf(descriptor.root, blockSize, near.size);
    if (!(await isDirectory(near, { blockSize, highSierra }, lba, signal))) continue;
    if (blockSize !== little) {
      findings.add(
        'warning',
        'block-size',
        descriptor.block.base + 128,
        'ECMA-119 8.4.12',
        `The recorded block size of ${little} bytes leads to no root directory; ${blockSize} does and was used.`,
      );
    } else if (little !== big) {
      findings.add(
        'warning',
        'both-endian-disagree',
        descriptor.block.base + 128,
        'ECMA-119 7.2.3',
        `The block size is ${little} in one byte order and ${big} in the other; ${little} was taken.`,
      );
    }
    return blockSize;
  }
  if (!valid(little))
    findings.add(
      'damage',
      'block-size',
      descriptor.block.base + 128,
      'ECMA-119 8.4.12',
      `A logical block size of ${little} bytes cannot be; 2048 was tried.`,
    );
  return valid(little) ? little : 2048;
}

export { findSessions } from './sessions.ts';
