import type { Block } from '../../bytes/block.ts';
import { readTimestamp } from './timestamp.ts';
import { isTag, TAGS } from './tag.ts';

const MAX_ATTRIBUTES = 256;
const FILE_TIMES = 5;
const DEVICE = 12;

/** What is used of extended attributes (ECMA-167 4/14.10). */
export interface ExtendedAttributes {
  /** Major and minor number (ECMA-167 4/14.10.7). */
  readonly device: readonly [number, number] | null;
  /** Creation, milliseconds since 1970 UTC; NaN where not recorded (ECMA-167 4/14.10.5). */
  readonly created: number;
}

/** Read the attributes that stand in a file entry, as far as they make sense (ECMA-167 4/9.1). */
export function readExtendedAttributes(block: Block): ExtendedAttributes {
  let device: ExtendedAttributes['device'] = null;
  let created = NaN;
  if (block.length < 24 || !isTag(block, 0, TAGS.attributeHeader)) return { device, created };
  let at = 24;
  for (let count = 0; count < MAX_ATTRIBUTES && at + 12 <= block.length; count++) {
    const length = block.u32le(at + 8);
    if (length < 12 || at + length > block.length) break;
    const type = block.u32le(at);
    if (type === DEVICE && length >= 24) device = [block.u32le(at + 16), block.u32le(at + 20)];
    if (type === FILE_TIMES && length >= 32 && block.u32le(at + 16) & 1) created = readTimestamp(block, at + 20);
    at += length;
  }
  return { device, created };
}
