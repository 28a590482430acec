import { Block } from '../../bytes/block.ts';
import type { ByteSource } from '../../source/source.ts';
import type { Findings } from '../findings.ts';
import { readExtentAd, type ExtentAd } from './anchor.ts';
import { revisionText } from './entity.ts';
import { isTag, TAGS } from './tag.ts';
import { readTimestamp } from './timestamp.ts';

/** Descriptors followed: each closing of a write-once disc may add one. */
const MAX_DESCRIPTORS = 256;
const DESCRIPTOR = 512;

/** Logical volume integrity descriptor (ECMA-167 3/10.10, UDF 2.60 2.2.6). */
export interface Integrity {
  readonly offset: number;
  readonly recorded: number;
  /** False where the volume was being written when it was last seen. */
  readonly closed: boolean;
  readonly files: number | null;
  readonly directories: number | null;
  /** Lowest revision of UDF by which it can be read. */
  readonly readable: string;
}

/** The latest integrity descriptor, over extents that point on (ECMA-167 3/8.8.2); null without. */
export async function findIntegrity(
  near: ByteSource,
  start: ExtentAd,
  sectorSize: number,
  findings: Findings,
  signal?: AbortSignal,
): Promise<Integrity | null> {
  let found: Integrity | null = null;
  let { block: sector, length } = start;
  const visited = new Set<number>();
  while (length >= DESCRIPTOR && visited.size < MAX_DESCRIPTORS) {
    const offset = sector * sectorSize;
    if (visited.has(sector) || offset + DESCRIPTOR > near.size) break;
    visited.add(sector);
    const block = new Block(await near.read(offset, DESCRIPTOR, signal), offset);
    if (!isTag(block, 0, TAGS.integrity)) break;
    found = readIntegrity(block);
    const next = readExtentAd(block, 32);
    [sector, length] = next.length > 0 ? [next.block, next.length] : [sector + 1, length - sectorSize];
  }
  if (found && !found.closed)
    findings.add('note', 'volume-open', found.offset + 28, 'ECMA-167 3/10.10.3', 'The volume was not closed when it was last written.');
  return found;
}

function readIntegrity(block: Block): Integrity {
  const partitions = block.u32le(72);
  const use = 80 + partitions * 8;
  const known = block.u32le(76) >= 46 && use + 46 <= block.length;
  const readable = known ? revisionText(block.u16le(use + 40)) : '';
  return {
    offset: block.base,
    recorded: readTimestamp(block, 16),
    closed: block.u32le(28) === 1,
    files: known ? block.u32le(use + 32) : null,
    directories: known ? block.u32le(use + 36) : null,
    readable,
  };
}
