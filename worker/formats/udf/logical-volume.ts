import type { ByteSource } from '../../source/source.ts';
import type { Findings } from '../findings.ts';
import type { DescriptorSequence } from './descriptor-sequence.ts';
import { metadataPartition } from './metadata-partition.ts';
import { readPartitionMaps, type PartitionMap } from './partition-map.ts';
import { physicalPartition, Space, type Partition } from './space.ts';
import { sparablePartition } from './sparing-table.ts';
import { earlierVats, findVat, MAX_TABLES, readVat, virtualPartition, type Vat } from './vat.ts';
import type { LogicalVolumeDescriptor, PartitionDescriptor } from './volume-descriptors.ts';

/** A logical volume whose blocks can be found (ECMA-167 3/8.8). */
export interface LogicalVolume {
  readonly space: Space;
  readonly maps: readonly PartitionMap[];
  readonly vat: Vat | null;
  /** Absolute offsets of the file entries of all tables, oldest first: the states that a disc written bit by bit went through. */
  readonly states: readonly number[];
  /** Bytes that its partitions claim from the start of the image; null for a disc that grows (VAT). */
  readonly claimedSize: number | null;
}

/**
 * Lay out the partitions of a logical volume (ECMA-167 3/10.6.13). What is wrong with the medium goes
 * to `medium`, what makes entries unreachable to `findings`. `state` is the offset of the table that counts
 * (see `states`); the last without.
 */
export async function openLogicalVolume(
  source: ByteSource,
  near: ByteSource,
  logical: LogicalVolumeDescriptor,
  partitions: DescriptorSequence['partitions'],
  sectorSize: number,
  medium: Findings,
  findings: Findings,
  signal?: AbortSignal,
  state?: number,
): Promise<LogicalVolume> {
  const blockSize = blockSizeOf(logical, sectorSize, findings);
  const maps = readPartitionMaps(logical, findings);
  const used = maps.map((map) => descriptorOf(map, partitions, findings));
  const claimed = used.map((each) => (each ? (each.start + each.sectors) * sectorSize : 0));
  const lying: (Partition | null)[] = [];
  for (const [index, map] of maps.entries()) {
    const descriptor = used[index];
    let partition: Partition | null = null;
    if (descriptor && (map.kind === 'physical' || map.kind === 'sparable')) {
      partition = onMedium(descriptor, sectorSize, blockSize, source.size, findings);
      if (map.kind === 'sparable') partition = await sparablePartition(near, map, partition, sectorSize, medium, signal);
    }
    lying.push(partition);
  }
  const all = [...lying];
  let vat: Vat | null = null;
  let room = MAX_TABLES;
  const states: number[] = [];
  for (const [index, map] of maps.entries()) {
    const descriptor = used[index];
    if (!descriptor || (map.kind !== 'virtual' && map.kind !== 'metadata')) continue;
    // The partition below has a map of its own by the standard; where it has none, it is read all the same.
    let below = maps.findIndex((other, place) => other.number === map.number && lying[place]);
    let space = new Space(lying, blockSize, source);
    if (below < 0) {
      below = 0;
      space = new Space([onMedium(descriptor, sectorSize, blockSize, source.size, findings)], blockSize, source);
    }
    if (map.kind === 'metadata') all[index] = await metadataPartition(source, map, space, below, medium, signal);
    else {
      const last = await findVat(source, space, below, descriptor.start * sectorSize, findings, signal);
      const tables = last ? [last, ...(await earlierVats(source, space, below, last, signal))] : [];
      states.push(...tables.map(({ offset }) => offset).reverse());
      const chosen = tables.find(({ offset }) => offset === state) ?? last;
      vat = chosen && (await readVat(source, space, below, chosen, room, signal));
      room -= vat?.entries.byteLength ?? 0;
      if (vat) all[index] = virtualPartition(vat, space.partitions[below] as Partition, blockSize);
      else
        findings.add(
          'damage',
          'vat-missing',
          source.size,
          'UDF 2.60 2.2.11',
          'The disc was written bit by bit, and the table at its end that finds its entries is not there: the image is cut, or was padded too far.',
        );
    }
  }
  return {
    space: new Space(all, blockSize, source),
    maps,
    vat,
    states,
    claimedSize: maps.some(({ kind }) => kind === 'virtual') || claimed.length === 0 ? null : Math.max(...claimed),
  };
}

function onMedium(
  descriptor: PartitionDescriptor,
  sectorSize: number,
  blockSize: number,
  sourceSize: number,
  findings: Findings,
): Partition {
  const offset = descriptor.start * sectorSize;
  if (offset >= sourceSize)
    findings.add(
      'damage',
      'partition-outside',
      descriptor.offset + 188,
      'ECMA-167 3/10.5.8',
      'A partition begins past the end of the image.',
    );
  return physicalPartition(offset, descriptor.sectors * sectorSize, blockSize, sourceSize);
}

/** The partition that a map names; where no descriptor has its number and there is but one, that one. */
function descriptorOf(map: PartitionMap, partitions: DescriptorSequence['partitions'], findings: Findings): PartitionDescriptor | null {
  if (map.kind === 'unknown') return null;
  const named = partitions.get(map.number);
  if (named) return named;
  const [only] = partitions.values();
  findings.add(
    partitions.size === 1 ? 'warning' : 'damage',
    'partition-number',
    null,
    'ECMA-167 3/10.7.2.4',
    `A partition map names partition ${map.number}, which no descriptor describes${partitions.size === 1 ? '; the only one there is was taken' : ''}.`,
  );
  return partitions.size === 1 ? (only ?? null) : null;
}

function blockSizeOf({ blockSize, offset }: LogicalVolumeDescriptor, sectorSize: number, findings: Findings): number {
  const valid = blockSize >= 512 && blockSize <= 65536 && (blockSize & (blockSize - 1)) === 0;
  if (blockSize !== sectorSize)
    findings.add(
      'warning',
      'block-size',
      offset + 212,
      'UDF 2.60 2.2.4.2',
      `The logical block size is ${blockSize}, and sectors have ${sectorSize} bytes; ${valid ? blockSize : sectorSize} was used.`,
    );
  return valid ? blockSize : sectorSize;
}
