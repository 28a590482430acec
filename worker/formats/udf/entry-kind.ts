import type { EntryKind } from '../../protocol/entry.ts';
import { FILE_TYPES, type FileEntry, type FileEntryFields } from './file-entry.ts';

const KINDS: Partial<Record<number, EntryKind>> = {
  [FILE_TYPES.unspecified]: 'file',
  [FILE_TYPES.directory]: 'directory',
  [FILE_TYPES.bytes]: 'file',
  [FILE_TYPES.blockDevice]: 'device',
  [FILE_TYPES.characterDevice]: 'device',
  [FILE_TYPES.symlink]: 'symlink',
  [FILE_TYPES.streamDirectory]: 'directory',
  [FILE_TYPES.realTime]: 'file',
};

/** POSIX type bits. */
const TYPE_BITS: Partial<Record<number, number>> = {
  [FILE_TYPES.directory]: 0o040000,
  [FILE_TYPES.blockDevice]: 0o060000,
  [FILE_TYPES.characterDevice]: 0o020000,
  [FILE_TYPES.fifo]: 0o010000,
  [FILE_TYPES.socket]: 0o140000,
  [FILE_TYPES.symlink]: 0o120000,
};
const REGULAR = 0o100000;
/** ICB flags (ECMA-167 4/14.6.8) with their POSIX bits. */
const SPECIAL = [
  [1 << 6, 0o4000],
  [1 << 7, 0o2000],
  [1 << 8, 0o1000],
] as const;

export function kindOf({ fileType }: FileEntry): EntryKind {
  return KINDS[fileType] ?? 'other';
}

/** POSIX mode: five bits for each of owner, group and others, of which execute, write and read have a counterpart (ECMA-167 4/14.9.5). */
export function modeOf({ permissions, flags, fileType }: FileEntryFields): number {
  let mode = TYPE_BITS[fileType] ?? REGULAR;
  for (const [from, to] of [
    [10, 6],
    [5, 3],
    [0, 0],
  ] as const)
    mode |= ((permissions >>> from) & 7) << to;
  for (const [flag, bit] of SPECIAL) if (flags & flag) mode |= bit;
  return mode;
}
