import { Block } from '../../bytes/block.ts';
import type { ByteSource } from '../../source/source.ts';
import type { Findings } from '../findings.ts';
import { textOfDstring } from './cs0.ts';
import { revisionOf } from './entity.ts';
import { icbAt } from './file-entry.ts';
import { addressOf, type Space } from './space.ts';
import { checkTag, TAGS } from './tag.ts';
import { readTimestamp } from './timestamp.ts';
import type { LogicalVolumeDescriptor } from './volume-descriptors.ts';

/** Blocks of file set descriptors that are looked at. */
const MAX_DESCRIPTORS = 64;
const DESCRIPTOR = 512;

/** File set descriptor (ECMA-167 4/14.1). */
export interface FileSet {
  readonly offset: number;
  /** Milliseconds since 1970 UTC; NaN where not recorded. */
  readonly recorded: number;
  readonly number: number;
  readonly descriptorNumber: number;
  readonly label: string;
  readonly revision: string;
  /** Address of the root directory's ICB. */
  readonly root: number;
  /** Address of the ICB of the system stream directory; -1 without. */
  readonly streams: number;
}

function readFileSetDescriptor(block: Block, at: number): FileSet {
  return {
    offset: block.base + at,
    recorded: readTimestamp(block, at + 16),
    number: block.u32le(at + 40),
    descriptorNumber: block.u32le(at + 44),
    label: textOfDstring(block.part(at + 304, 32)),
    root: addressOf(block.u32le(at + 404), block.u16le(at + 408)),
    streams: icbAt(block, at + 464),
    revision: revisionOf(block, at + 416),
  };
}

/**
 * The file set of a logical volume: of several descriptors that with the highest number, over extents
 * that point on (ECMA-167 4/8.3). Null where none can be read.
 */
export async function findFileSet(
  near: ByteSource,
  space: Space,
  { fileSet: start }: LogicalVolumeDescriptor,
  findings: Findings,
  signal?: AbortSignal,
): Promise<FileSet | null> {
  const visited = new Set<number>();
  let best: FileSet | null = null;
  let { block: number, partition, length } = start;
  while (length > 0 && visited.size < MAX_DESCRIPTORS) {
    const address = addressOf(number, partition);
    if (visited.has(address)) break;
    visited.add(address);
    const block = await readDescriptor(near, space, address, signal);
    if (!block) {
      // A terminator or an unrecorded block ends the sequence.
      if (!best) findings.add('damage', 'file-set', null, 'ECMA-167 4/14.1', 'Where the file set descriptor should stand there is none.');
      break;
    }
    checkTag(block, 0, DESCRIPTOR, number, 'the file set descriptor', findings);
    const found = readFileSetDescriptor(block, 0);
    if (!best || found.descriptorNumber >= best.descriptorNumber) best = found;
    length -= space.blockSize;
    number += 1;
    const next = block.u32le(448) & 0x3fffffff;
    if (next > 0) [number, partition, length] = [block.u32le(452), block.u16le(456), next];
  }
  return best;
}

/** The block of a file set descriptor, or its copy in the metadata mirror; null where neither is one. */
async function readDescriptor(near: ByteSource, space: Space, address: number, signal?: AbortSignal): Promise<Block | null> {
  for (const offset of [space.offsetOf(address), space.mirrorOf(address)]) {
    if (!(offset + DESCRIPTOR <= near.size)) continue;
    const block = new Block(await near.read(offset, DESCRIPTOR, signal), offset);
    if (block.u16le(0) === TAGS.fileSet) return block;
  }
  return null;
}
