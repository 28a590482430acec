import { Block } from '../../bytes/block.ts';
import type { ByteSource } from '../../source/source.ts';
import { isCrcRight, isTag, readTag, TAGS } from './tag.ts';

/** Sizes of a sector, the usual first. */
export const SECTOR_SIZES = [2048, 512, 1024, 4096] as const;
/** Blocks from the start at which an anchor may stand: 512 is for media written in packets, where 256 is not yet (UDF 2.60 2.2.3, 6.10.1). */
const FIRST_PLACES = [256, 512] as const;
/** Blocks at the end that are looked at: N - 256, and so many of padding behind N. */
const LAST_BLOCKS = 256 + 1 + 303;
const DESCRIPTOR = 512;

/** Part of the image in blocks of the volume (ECMA-167 3/7.1). */
export interface ExtentAd {
  readonly length: number;
  readonly block: number;
}

export function readExtentAd(block: Block, at: number): ExtentAd {
  return { length: block.u32le(at), block: block.u32le(at + 4) };
}

/** Anchor volume descriptor pointer (ECMA-167 3/10.2). */
export interface Anchor {
  readonly offset: number;
  readonly sectorSize: number;
  readonly main: ExtentAd;
  readonly reserve: ExtentAd;
}

function readAnchor(block: Block, at: number, sectorSize: number): Anchor {
  return { offset: block.base + at, sectorSize, main: readExtentAd(block, at + 16), reserve: readExtentAd(block, at + 24) };
}

/** Whether an anchor stands here: its tag must add up and name the very block, for that tells the sector's size. */
function isAnchor(block: Block, at: number, sectorSize: number): boolean {
  return isTag(block, at, TAGS.anchor) && at + DESCRIPTOR <= block.length && readTag(block, at).location === (block.base + at) / sectorSize;
}

/** The anchors at the start of the medium, near ones first. */
export async function* firstAnchors(near: ByteSource, signal?: AbortSignal): AsyncGenerator<Anchor> {
  for (const place of FIRST_PLACES) {
    for (const sectorSize of SECTOR_SIZES) {
      const offset = place * sectorSize;
      if (offset + DESCRIPTOR > near.size) continue;
      const block = new Block(await near.read(offset, DESCRIPTOR, signal), offset);
      if (isAnchor(block, 0, sectorSize)) yield readAnchor(block, 0, sectorSize);
    }
  }
}

/** The anchors at the end of the image: N, N - 256, and before padding; later ones first (ECMA-167 3/8.4.2.1). */
export async function* lastAnchors(source: ByteSource, signal?: AbortSignal): AsyncGenerator<Anchor> {
  for (const sectorSize of SECTOR_SIZES) {
    const blocks = Math.floor(source.size / sectorSize);
    const first = Math.max(1, blocks - LAST_BLOCKS);
    if (blocks <= first) continue;
    const tail = new Block(await source.read(first * sectorSize, (blocks - first) * sectorSize, signal), first * sectorSize);
    for (let at = tail.length - sectorSize; at >= 0; at -= sectorSize) {
      if (isAnchor(tail, at, sectorSize)) yield readAnchor(tail, at, sectorSize);
    }
  }
}

/** Whether an anchor at the start is beyond doubt: tag, location and CRC are right. For a disc without a recognition sequence. */
export async function hasSoundAnchor(near: ByteSource, signal?: AbortSignal): Promise<boolean> {
  for await (const { offset } of firstAnchors(near, signal)) {
    const block = new Block(await near.read(offset, DESCRIPTOR, signal), offset);
    if (isCrcRight(block, 0, DESCRIPTOR)) return true;
  }
  return false;
}
