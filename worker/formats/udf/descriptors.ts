import { Block } from '../../bytes/block.ts';
import { ImageError } from '../../protocol/errors.ts';
import type { ByteSource } from '../../source/source.ts';
import { Findings } from '../findings.ts';
import { firstAnchors, lastAnchors, SECTOR_SIZES, type Anchor, type ExtentAd } from './anchor.ts';
import { isSound, joinSequences, readSequence, type DescriptorSequence } from './descriptor-sequence.ts';
import { isCrcRight, isTag, readTag, TAGS } from './tag.ts';
import type { LogicalVolumeDescriptor } from './volume-descriptors.ts';

/** Anchors that are tried; a disc of many sessions has more, and the first ones do. */
const MAX_ANCHORS = 32;
/** Sectors at the start in which descriptors are looked for where no anchor leads to them. */
const SEARCHED = 300;
/** Sectors of a sequence that is found without an anchor (ECMA-167 3/8.4.2.1). */
const SEQUENCE = 16;

/** The descriptors of a volume, and how they were found. */
export interface FoundDescriptors extends DescriptorSequence {
  readonly logical: LogicalVolumeDescriptor;
  readonly sectorSize: number;
  /** Null where they were found without one. */
  readonly anchor: Anchor | null;
}

/**
 * The descriptors that prevail, by the first anchor that leads to a logical volume and a partition:
 * by its main sequence, else by the reserve (ECMA-167 3/8.4.2). Throws ImageError where nothing does.
 */
export async function findDescriptors(
  source: ByteSource,
  near: ByteSource,
  findings: Findings,
  signal?: AbortSignal,
): Promise<FoundDescriptors> {
  let tried = 0;
  for (const anchors of [firstAnchors(near, signal), lastAnchors(source, signal)]) {
    for await (const anchor of anchors) {
      if (tried >= MAX_ANCHORS) break;
      const found = await byAnchor(near, anchor, findings, signal);
      if (!found) {
        tried++;
        continue;
      }
      const block = anchor.offset / anchor.sectorSize;
      if (block !== 256)
        findings.add(
          'warning',
          'anchor-elsewhere',
          256 * anchor.sectorSize,
          'ECMA-167 3/8.4.2.1',
          `There is no anchor in block 256 that leads to descriptors; the one in block ${block} was used.`,
        );
      return found;
    }
  }
  const scanned = await bySearch(near, findings, signal);
  if (scanned) {
    findings.add(
      'damage',
      'no-anchor',
      256 * scanned.sectorSize,
      'ECMA-167 3/8.4.2.1',
      'No anchor leads to the volume descriptors; they were searched for, and found.',
    );
    return scanned;
  }
  throw new ImageError(
    'no-anchor',
    'UDF is named at the start, but no anchor leads to volume descriptors: the image is cut, or damaged there.',
    256 * 2048,
    'ECMA-167 3/8.4.2.1',
  );
}

async function byAnchor(near: ByteSource, anchor: Anchor, findings: Findings, signal?: AbortSignal): Promise<FoundDescriptors | null> {
  const { sectorSize } = anchor;
  const seen = new Findings();
  let sequence = await readSequence(near, anchor.main, sectorSize, seen, signal);
  const main = isSound(sequence);
  if (!main) sequence = joinSequences(sequence, await readSequence(near, anchor.reserve, sectorSize, seen, signal));
  const { logical } = sequence;
  if (!logical || !isSound(sequence)) return null;
  for (const { severity, code, at, spec, detail } of seen.list) findings.add(severity, code, at, spec, detail);
  if (!main)
    findings.add(
      'damage',
      'main-sequence',
      anchor.main.block * sectorSize,
      'ECMA-167 3/8.4.2.1',
      'The main volume descriptor sequence cannot be read whole; the reserve was used.',
    );
  return { ...sequence, logical, sectorSize, anchor };
}

/** Descriptors without an anchor: the first sectors are searched for a primary volume descriptor that stands where it says. */
async function bySearch(near: ByteSource, findings: Findings, signal?: AbortSignal): Promise<FoundDescriptors | null> {
  for (const sectorSize of SECTOR_SIZES) {
    const length = Math.min(SEARCHED, Math.floor(near.size / sectorSize)) * sectorSize;
    const window = new Block(await near.read(0, length, signal), 0);
    for (let at = 0; at < length; at += sectorSize) {
      if (!isTag(window, at, TAGS.primaryVolume) || readTag(window, at).location !== at / sectorSize) continue;
      if (!isCrcRight(window, at, sectorSize)) continue;
      const extent: ExtentAd = { block: at / sectorSize, length: SEQUENCE * sectorSize };
      const sequence = await readSequence(near, extent, sectorSize, findings, signal);
      const { logical } = sequence;
      if (logical && isSound(sequence)) return { ...sequence, logical, sectorSize, anchor: null };
    }
  }
  return null;
}
