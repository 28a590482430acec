import { ROOT } from '../../protocol/entry.ts';
import type { Block } from '../../bytes/block.ts';
import type { Findings } from '../findings.ts';
import { isPlausible, readSelf, SECTOR } from './directory-record.ts';
import { placeOf } from './extents.ts';
import { UNKNOWN_SIZE, type PendingDirectory } from './pending.ts';
import type { TreeForm } from './tree-form.ts';

/** Bytes of one directory that are read: some five million entries. */
export const MAX_DIRECTORY = 256 * 1024 * 1024;

/** How far a directory is read. */
export interface DirectoryExtent {
  /** Absolute offset behind its last block; its own offset where there is nothing to read. */
  readonly end: number;
  /** Absolute offset from which on its two recorded sizes disagree. */
  readonly doubt: number;
  /** False where part of it is not in the image. */
  readonly sound: boolean;
}

/** Say that a directory is not in the image. */
export function reportPastEnd(offset: number, record: number, findings: Findings): void {
  findings.add('damage', 'directory-past-end', record, 'ECMA-119 9.1.3', `A directory at ${offset} lies past the end of the image.`);
}

/** Where a directory ends, by its record and by its own "." record; `block` holds its beginning (ECMA-119 6.8.2.2, 9.1.4). */
export function directoryExtent(
  block: Block | null,
  { offset, size, record, id }: PendingDirectory,
  form: TreeForm,
  findings: Findings,
): DirectoryExtent {
  const { blockSize, sourceSize } = form;
  const none = { end: offset, doubt: offset, sound: false };
  if (!block) {
    reportPastEnd(offset, record, findings);
    return none;
  }
  const at = offset - block.base;
  const room = Math.min(SECTOR, block.length - at);
  const self = readSelf(block, at, room, form.highSierra);
  if (!self && id === ROOT && !isPlausible(block, at, room)) return none;
  if (!self && size !== 0)
    findings.add('warning', 'directory-without-self', offset, 'ECMA-119 6.8.2.2', 'A directory does not begin with the record of itself.');
  if (!self && room > 0 && block.part(at, room).every((byte) => byte === 0)) {
    // Sectors that were never written, or were lost: a size claimed for them proves nothing.
    if (size !== 0)
      findings.add(
        'damage',
        'directory-blank',
        offset,
        'ECMA-119 6.8.2.2',
        'Where a directory should begin there are zeros; it is not read.',
      );
    return { ...none, sound: size === 0 };
  }
  // Rounded up to blocks: a size that is no multiple of the block still owns the whole block.
  const inside = (length: number): number => Math.min(Math.ceil(length / blockSize) * blockSize, sourceSize - offset, MAX_DIRECTORY);
  const selfSize = self ? placeOf(self, blockSize, sourceSize).length : 0;
  const known = size === UNKNOWN_SIZE ? selfSize || SECTOR : size;
  const [taken, own] = [inside(known), inside(selfSize)];
  if (known === selfSize || selfSize === 0) {
    const sound = known <= taken;
    if (!sound)
      findings.add(
        'damage',
        'directory-past-end',
        record,
        'ECMA-119 9.1.4',
        `A directory of ${known} bytes at ${offset} runs past the end of the image, or past what is read of one.`,
      );
    return { end: offset + taken, doubt: Infinity, sound };
  }
  findings.add(
    'warning',
    'directory-size-disagree',
    record,
    'ECMA-119 9.1.4',
    `A directory is ${known} bytes long by its record and ${selfSize} by its own; it was read as far as records go on.`,
  );
  // Both sizes inside of the image: up to the smaller one it is sure. One that does not fit proves nothing.
  const sure = known === 0 || known > taken ? own : selfSize > own ? taken : Math.min(taken, own);
  return { end: offset + Math.max(taken, own), doubt: offset + sure, sound: true };
}
