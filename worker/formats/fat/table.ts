import type { Run } from '../../source/runs.ts';
import type { ByteSource } from '../../source/source.ts';
import { clusterOffset, isCluster, type FatLayout } from './boot-sector.ts';

/** A table is kept up to so many bytes: 16 million clusters of FAT32. What lies beyond cannot be followed. */
const MAX_TABLE = 64 * 1024 * 1024;
/** Pieces of one file at most. */
const MAX_PIECES = 1_000_000;

/** What a chain of clusters gives. */
export interface Chain {
  /** In the volume, in order; clusters that lie together are one. */
  readonly runs: readonly { readonly offset: number; readonly length: number }[];
  readonly length: number;
  /** Why it ends before what was wanted; empty where it does not. */
  readonly broken: '' | 'free' | 'outside' | 'loop' | 'short' | 'pieces';
}

/** The file allocation table: for each cluster the one that follows (FAT 1.03). */
export class FileAllocationTable {
  readonly layout: FatLayout;
  readonly #bytes: Uint8Array;

  constructor(layout: FatLayout, bytes: Uint8Array) {
    this.layout = layout;
    this.#bytes = bytes;
  }

  /** The table that counts, as far as the source holds it. */
  static async read(source: ByteSource, layout: FatLayout, copy = layout.activeTable, signal?: AbortSignal): Promise<FileAllocationTable> {
    const offset = layout.tableOffset + copy * layout.tableLength;
    const wanted = Math.min(Math.ceil(((layout.clusters + 2) * layout.bits) / 8), layout.tableLength, MAX_TABLE);
    const length = Math.max(0, Math.min(wanted, source.size - offset));
    return new FileAllocationTable(layout, length === 0 ? new Uint8Array(0) : await source.read(offset, length, signal));
  }

  /** Whether another copy says the same. */
  equals(other: FileAllocationTable): boolean {
    const [a, b] = [this.#bytes, other.#bytes];
    return a.length === b.length && a.every((byte, at) => byte === b[at]);
  }

  /** What the table has for a cluster: the next one, 0 for a free one, or above all clusters for the last; -1 where it does not reach. */
  next(cluster: number): number {
    const bytes = this.#bytes;
    if (this.layout.bits === 12) {
      const at = cluster + (cluster >> 1);
      if (at + 1 >= bytes.length) return -1;
      const pair = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
      return cluster & 1 ? pair >> 4 : pair & 0xfff;
    }
    const width = this.layout.bits / 8;
    const at = cluster * width;
    if (at + width > bytes.length) return -1;
    const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
    // The highest four bits of FAT32 are reserved.
    return width === 2 ? low : (low | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)) & 0x0fffffff;
  }

  /** The pieces of a chain, up to `wanted` bytes; a directory's, whose length nothing tells, ends where the chain does. */
  chain(first: number, wanted: number, directory = false): Chain {
    const { layout } = this;
    const runs: { offset: number; length: number }[] = [];
    const last = (1 << (layout.bits === 12 ? 12 : layout.bits === 16 ? 16 : 28)) - 8;
    let length = 0;
    let cluster = first;
    // Brent: the tortoise is set on the hare at each power of two; they meet only in a circle.
    let tortoise = -1;
    let power = 1;
    let steps = 0;
    let broken: Chain['broken'] = '';
    while (length < wanted) {
      if (!isCluster(layout, cluster)) {
        const over = cluster >= last && length > 0;
        if (!over || !directory) broken = over ? 'short' : cluster === 0 ? 'free' : 'outside';
        break;
      }
      if (cluster === tortoise) {
        broken = 'loop';
        break;
      }
      if (++steps === power) {
        tortoise = cluster;
        power *= 2;
        steps = 0;
      }
      const offset = clusterOffset(layout, cluster);
      const part = Math.min(layout.clusterSize, wanted - length);
      const before = runs.at(-1);
      if (before && before.offset + before.length === offset) before.length += part;
      else if (runs.length >= MAX_PIECES) {
        broken = 'pieces';
        break;
      } else runs.push({ offset, length: part });
      length += part;
      cluster = this.next(cluster);
    }
    return { runs, length, broken };
  }
}

/** Runs in a volume as runs of what the volume lies on. */
export function throughRuns(held: readonly Run[], runs: readonly Run[]): Run[] {
  const [only, more] = held;
  if (only && !more && 'offset' in only)
    return runs.map((run) => ('offset' in run ? { offset: only.offset + run.offset, length: run.length } : run));
  return runs.flatMap((run) => ('offset' in run ? piecesOf(held, run.offset, run.length) : [run]));
}

/** The pieces that a range of a file of several runs lies in; what lies beyond them all is past the end. */
function piecesOf(held: readonly Run[], offset: number, length: number): Run[] {
  const pieces: Run[] = [];
  let start = 0;
  for (const run of held) {
    const size = 'zeros' in run ? run.zeros : run.length;
    const from = Math.max(offset, start);
    const to = Math.min(offset + length, start + size);
    if (to > from) pieces.push('zeros' in run ? { zeros: to - from } : { offset: run.offset + from - start, length: to - from });
    start += size;
  }
  const beyond = offset + length - Math.max(offset, start);
  if (beyond > 0) pieces.push({ offset: PAST_END, length: beyond });
  return pieces;
}

/** An offset that no image reaches: what a chain lacks is missing as what lies past the end is. */
export const PAST_END = 2 ** 52;
