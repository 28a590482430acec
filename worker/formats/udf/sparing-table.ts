import { Block } from '../../bytes/block.ts';
import type { ByteSource } from '../../source/source.ts';
import type { Findings } from '../findings.ts';
import { entityName } from './entity.ts';
import type { SparableMap } from './partition-map.ts';
import { firstAbove, type Partition } from './space.ts';

/** Entries of a sparing table that are read; a table of the largest size has 65,535 (UDF 2.60 2.2.12). */
const MAX_ENTRIES = 65_535;
const ENTRIES = 56;
/** Entries whose packet is free or bad begin here. */
const FIRST_SPECIAL = 0xfffffff0;

/** Packets that were moved: first block of each in the partition, and sector where it stands now (UDF 2.60 2.2.12). */
async function readSparingTable(
  near: ByteSource,
  map: SparableMap,
  sectorSize: number,
  signal?: AbortSignal,
): Promise<Map<number, number> | null> {
  let best: { sequence: number; packets: Map<number, number> } | null = null;
  for (const sector of map.tables) {
    const offset = sector * sectorSize;
    const length = Math.min(Math.max(map.tableSize, ENTRIES), ENTRIES + MAX_ENTRIES * 8, near.size - offset);
    if (length < ENTRIES) continue;
    const block = new Block(await near.read(offset, length, signal), offset);
    if (entityName(block, 16) !== '*UDF Sparing Table') continue;
    const sequence = block.u32le(52);
    if (best && best.sequence >= sequence) continue;
    const packets = new Map<number, number>();
    const count = Math.min(block.u16le(48), Math.floor((length - ENTRIES) / 8));
    for (let index = 0; index < count; index++) {
      const original = block.u32le(ENTRIES + index * 8);
      if (original < FIRST_SPECIAL) packets.set(original, block.u32le(ENTRIES + index * 8 + 4));
    }
    best = { sequence, packets };
  }
  return best?.packets ?? null;
}

/** A partition some of whose packets stand elsewhere (UDF 2.60 2.2.9). Without a table it is read as it lies. */
export async function sparablePartition(
  near: ByteSource,
  map: SparableMap,
  below: Partition,
  sectorSize: number,
  findings: Findings,
  signal?: AbortSignal,
): Promise<Partition> {
  const packets = await readSparingTable(near, map, sectorSize, signal);
  if (!packets) {
    findings.add(
      'damage',
      'sparing-table',
      null,
      'UDF 2.60 2.2.12',
      'No sparing table can be read; packets that were moved show what stood there before.',
    );
    return below;
  }
  const size = map.packetBlocks;
  if (packets.size === 0 || size === 0) return below;
  const starts = Uint32Array.from(packets.keys()).sort();
  return {
    span(block) {
      const within = block % size;
      const moved = packets.get(block - within);
      if (moved !== undefined) return { offset: (moved + within) * sectorSize, length: (size - within) * sectorSize };
      const span = below.span(block);
      const next = starts[firstAbove(starts, block)] ?? Infinity;
      return span && { offset: span.offset, length: Math.min(span.length, (next - block) * sectorSize) };
    },
  };
}
