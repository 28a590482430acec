import type { Run } from '../../source/runs.ts';
import type { Held } from '../../source/source.ts';
import { Pieces } from './pieces.ts';

/** A piece of the image in which blocks of a partition follow each other. */
export interface Span {
  /** Absolute offset of the block asked for. */
  readonly offset: number;
  /** Bytes from there that belong together. */
  readonly length: number;
}

/** The blocks of one partition, wherever they stand (ECMA-167 3/10.7, UDF 2.60 2.2.8-2.2.10). */
export interface Partition {
  /** Where a block stands; null where it is nowhere. */
  span(block: number): Span | null;
  /** Where a second copy of a block stands, if the partition keeps one. */
  mirror?(block: number): Span | null;
}

/**
 * A block of a logical volume as one integer: lb_addr (ECMA-167 4/7.1), the block's number times 65536
 * and the partition's reference number. What the catalog keeps of an entry.
 */
export function addressOf(block: number, partition: number): number {
  return block * 65536 + partition;
}
export function blockOf(address: number): number {
  return Math.floor(address / 65536);
}
export function partitionOf(address: number): number {
  return address % 65536;
}

/** The logical volume's blocks: its partitions by reference number, as the partition maps stand (ECMA-167 3/10.6.13). */
export class Space {
  readonly blockSize: number;
  /** What the image holds. */
  readonly held: Held;
  readonly partitions: readonly (Partition | null)[];
  /** Whether any partition keeps a second copy. */
  readonly hasMirrors: boolean;
  readonly pieces: Pieces;

  constructor(partitions: readonly (Partition | null)[], blockSize: number, held: Held, pieces = new Pieces()) {
    this.pieces = pieces;
    this.partitions = partitions;
    this.blockSize = blockSize;
    this.held = held;
    this.hasMirrors = partitions.some((partition) => partition?.mirror !== undefined);
  }

  /** The same blocks, for a reading that tells its pieces apart by itself. */
  anew(): Space {
    return new Space(this.partitions, this.blockSize, this.held, new Pieces());
  }

  /** Absolute offset of a block; NaN where it is nowhere. */
  offsetOf(address: number): number {
    return this.partitions[partitionOf(address)]?.span(blockOf(address))?.offset ?? NaN;
  }

  /** Absolute offset of the second copy of a block; NaN without. */
  mirrorOf(address: number): number {
    return this.partitions[partitionOf(address)]?.mirror?.(blockOf(address))?.offset ?? NaN;
  }

  /**
   * Add the pieces of `length` bytes from a block on to `runs`, joined to the last where they follow it; tells what is
   * wrong with them. What is nowhere, and what is in more pieces than are told apart, is given a place past the end of
   * the image.
   */
  addRuns(runs: Run[], partition: number, block: number, length: number): 'astray' | 'scattered' | null {
    const blocks = this.partitions[partition];
    for (let left = length; left > 0;) {
      const span = blocks?.span(block) ?? null;
      const known = span !== null && span.length >= 1;
      if (!known || !this.pieces.take(runs.length)) {
        addRun(runs, this.held.size, left);
        return known ? 'scattered' : 'astray';
      }
      const taken = Math.min(left, span.length);
      addRun(runs, span.offset, taken);
      block += Math.ceil(taken / this.blockSize);
      left -= taken;
    }
    return null;
  }
}

function addRun(runs: Run[], offset: number, length: number): void {
  const last = runs[runs.length - 1];
  if (last && 'offset' in last && last.offset + last.length === offset)
    runs[runs.length - 1] = { offset: last.offset, length: last.length + length };
  else runs.push({ offset, length });
}

/** Add zeros that are stored nowhere. */
export function addZeros(runs: Run[], zeros: number): void {
  const last = runs[runs.length - 1];
  if (last && 'zeros' in last) runs[runs.length - 1] = { zeros: last.zeros + zeros };
  else runs.push({ zeros });
}

/** A partition as it lies on the medium (ECMA-167 3/10.5). Blocks past its recorded length are used where the image holds them. */
export function physicalPartition(offset: number, length: number, blockSize: number, sourceSize: number): Partition {
  return {
    span(block) {
      const at = block * blockSize;
      if (at < length) return { offset: offset + at, length: length - at };
      return offset + at < sourceSize ? { offset: offset + at, length: blockSize } : null;
    },
  };
}

/** Blocks that lie in given pieces one after another: the contents of a file as a partition. */
export function partitionOfRuns(runs: readonly Run[], mirror: readonly Run[] | null, blockSize: number): Partition {
  const find = finder(runs, blockSize);
  const findMirror = mirror && finder(mirror, blockSize);
  return findMirror ? { span: (block) => find(block) ?? findMirror(block), mirror: findMirror } : { span: find };
}

function finder(runs: readonly Run[], blockSize: number): (block: number) => Span | null {
  const starts: number[] = [];
  let size = 0;
  for (const run of runs) {
    starts.push(size);
    size += 'zeros' in run ? run.zeros : run.length;
  }
  return (block) => {
    const at = block * blockSize;
    if (at >= size) return null;
    let low = 0;
    for (let high = starts.length - 1; low < high;) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= at) low = middle;
      else high = middle - 1;
    }
    const run = runs[low] as Run;
    const within = at - (starts[low] as number);
    return 'offset' in run ? { offset: run.offset + within, length: run.length - within } : null;
  };
}

/** Index of the first of these ascending numbers that is above `number`. */
export function firstAbove(numbers: Uint32Array, number: number): number {
  let low = 0;
  for (let high = numbers.length; low < high;) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) > number) high = middle;
    else low = middle + 1;
  }
  return low;
}
