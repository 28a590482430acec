import { Block } from '../../bytes/block.ts';
import { runLength, type Run } from '../../source/runs.ts';
import type { ByteSource } from '../../source/source.ts';
import { Findings } from '../findings.ts';
import type { DiscStructure } from '../volume.ts';
import { firstAnchors, lastAnchors, type ExtentAd } from './anchor.ts';
import type { FoundDescriptors } from './descriptors.ts';
import { isFileEntry, readFileEntry } from './file-entry.ts';
import type { FileSet } from './file-set.ts';
import type { LogicalVolume } from './logical-volume.ts';
import { addressOf, type Space } from './space.ts';
import { isTag, TAG, TAGS } from './tag.ts';

/** Sectors of the volume recognition sequence that are looked at (ECMA-167 2/8.3). */
const RECOGNITION = 32_768;
const RECOGNITION_SECTORS = 32;
const STEP = 2048;
const MARKS: readonly string[] = ['BEA01', 'NSR02', 'NSR03', 'TEA01', 'BOOT2'];
/** Anchors that are told; genisoimage fills the last 150 sectors with them. */
const MAX_ANCHORS = 1024;
/** Bytes of a partition descriptor before its partition header descriptor, and that one's tables (ECMA-167 4/14.3). */
const HEADER = 56;
const SPACE_SETS = [
  ['Unallocated space table', 0],
  ['Unallocated space bitmap', 8],
  ['Partition integrity table', 16],
  ['Freed space table', 24],
  ['Freed space bitmap', 32],
] as const;
const LENGTH_MASK = 0x3fffffff;
/** Pieces of one structure that are told apart. */
const MAX_PIECES = 4096;

/** What a UDF volume keeps outside of its tree: recognition, anchors, descriptor sequences, tables, metadata files. */
export async function udfStructures(
  source: ByteSource,
  { anchor, logical, partitions, sectorSize }: FoundDescriptors,
  { space, maps, vat, states }: LogicalVolume,
  fileSet: FileSet,
  signal?: AbortSignal,
): Promise<DiscStructure[]> {
  const found: DiscStructure[] = await recognition(source, signal);
  const add = (name: string, offset: number, length: number, area = false): void => {
    if (offset >= 0 && length > 0) found.push({ offset, length, name, ...(area ? { area } : {}) });
  };
  const extent = (name: string, { block, length }: ExtentAd): void => add(name, block * sectorSize, length);
  const pieces = (name: string, runs: readonly Run[], area = false): void => {
    for (const run of runs.slice(0, MAX_PIECES)) if ('offset' in run) add(name, run.offset, run.length, area);
  };
  let anchors = 0;
  for (const each of [firstAnchors(source, signal), lastAnchors(source, signal)])
    for await (const { offset, sectorSize: size } of each)
      if (size === sectorSize && anchors++ < MAX_ANCHORS) add('Anchor volume descriptor pointer', offset, sectorSize);
  if (anchor) {
    extent('Volume descriptor sequence', anchor.main);
    extent('Volume descriptor sequence, reserve', anchor.reserve);
  } else add('Volume descriptor sequence', logical.offset, sectorSize);
  extent('Logical volume integrity sequence', logical.integrity);
  const set: Run[] = [];
  space.addRuns(set, logical.fileSet.partition, logical.fileSet.block, logical.fileSet.length);
  pieces('File set descriptor', set);
  add('File set descriptor', fileSet.offset, space.blockSize);
  if (await isTerminator(source, fileSet.offset + space.blockSize, signal))
    add('File set descriptor sequence terminator', fileSet.offset + space.blockSize, space.blockSize);
  add('File entry of the root directory', space.offsetOf(fileSet.root), space.blockSize);
  if (fileSet.streams >= 0) add('File entry of the system streams', space.offsetOf(fileSet.streams), space.blockSize);
  for (const { offset, start } of partitions.values())
    for (const [name, at, length] of await spaceSets(source, offset, start * sectorSize, space.blockSize, signal)) add(name, at, length);
  for (const [index, map] of maps.entries()) {
    const below = maps.findIndex(({ kind, number }) => number === map.number && (kind === 'physical' || kind === 'sparable'));
    if (map.kind === 'sparable') for (const table of map.tables) add('Sparing table', table * sectorSize, map.tableSize);
    if (map.kind === 'virtual' && vat) {
      for (const offset of states.length > 0 ? states : [vat.offset]) {
        const base = space.partitions[below]?.span(0)?.offset ?? NaN;
        const runs = await fileRuns(source, space, addressOf((offset - base) / space.blockSize, below), offset, signal);
        add('File entry of the virtual allocation table', offset, space.blockSize);
        pieces('Virtual allocation table', runs);
      }
    }
    if (map.kind !== 'metadata') continue;
    for (const [name, block] of [
      ['Metadata file', map.main],
      ['Metadata mirror file', map.mirror],
    ] as const) {
      const address = addressOf(block, below < 0 ? index : below);
      const offset = space.offsetOf(address);
      const runs = await fileRuns(source, space, address, offset, signal);
      if (runs.length > 0) add(`File entry of the ${name.toLowerCase()}`, offset, space.blockSize);
      pieces(name, runs, true);
    }
  }
  return found;
}

async function isTerminator(source: ByteSource, offset: number, signal?: AbortSignal): Promise<boolean> {
  return offset + TAG <= source.size && isTag(new Block(await source.read(offset, TAG, signal), offset), 0, TAGS.terminating);
}

async function recognition(source: ByteSource, signal?: AbortSignal): Promise<DiscStructure[]> {
  const length = Math.min(RECOGNITION_SECTORS * STEP, source.size - RECOGNITION);
  if (length < STEP) return [];
  const block = new Block(await source.read(RECOGNITION, length, signal), RECOGNITION);
  const found: DiscStructure[] = [];
  for (let at = 0; at + STEP <= block.length; at += STEP) {
    const id = String.fromCharCode(...block.part(at + 1, 5));
    if (MARKS.includes(id)) found.push({ offset: RECOGNITION + at, length: STEP, name: `Volume recognition, ${id}` });
  }
  return found;
}

/** The tables of free space that a partition's descriptor names: name, absolute offset, bytes (ECMA-167 4/14.3). */
async function spaceSets(
  source: ByteSource,
  descriptor: number,
  partition: number,
  blockSize: number,
  signal?: AbortSignal,
): Promise<(readonly [string, number, number])[]> {
  if (descriptor + HEADER + 40 > source.size) return [];
  const header = new Block(await source.read(descriptor + HEADER, 40, signal), descriptor + HEADER);
  return SPACE_SETS.map(([name, at]) => [name, partition + header.u32le(at + 4) * blockSize, header.u32le(at) & LENGTH_MASK] as const);
}

/** The pieces of a file that the volume keeps for itself, by its file entry's place; none where there is no such entry. */
async function fileRuns(source: ByteSource, space: Space, address: number, offset: number, signal?: AbortSignal): Promise<readonly Run[]> {
  if (!(offset >= 0 && offset + space.blockSize <= source.size)) return [];
  const block = new Block(await source.read(offset, space.blockSize, signal), offset);
  if (!isFileEntry(block, 0, block.length)) return [];
  const { runs } = readFileEntry(block, 0, block.length, address, space.anew(), new Findings()).allocation;
  return runs.filter((run) => runLength(run) > 0);
}
