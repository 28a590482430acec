import { fileKind } from '../../worker/protocol/file-kind.ts';
import type { EntryRow } from '../../worker/protocol/entry.ts';
import { counted } from '../figures.ts';
import type { IconName } from '../ui/icons.ts';

const FAMILIES = { boot: 'boot', img: 'image', exe: 'program', arc: 'archive', txt: 'text', med: 'media', oth: 'file' } as const;

const ICON_OF_LABEL: Readonly<Record<string, IconName>> = { Library: 'library', Driver: 'library', Sound: 'sound' };

/** The picture of an entry, the class that colours it, and the words of the column Kind. */
export interface EntryLook {
  readonly icon: IconName;
  readonly colour: string;
  readonly kind: string;
}

/** How an entry is shown in lists. */
export function lookOf(row: EntryRow): EntryLook {
  if (row.kind === 'directory') {
    return { icon: 'folder', colour: 'k-dir', kind: row.children === null ? 'Directory' : `Directory, ${counted(row.children, 'item')}` };
  }
  if (row.kind === 'symlink') return { icon: 'link', colour: 'k-dir', kind: 'Symbolic link' };
  if (row.kind === 'device') return { icon: 'library', colour: 'k-oth', kind: 'Device' };
  if (row.kind === 'other') return { icon: 'file', colour: 'k-oth', kind: 'Special file' };
  const { label, family } = fileKind(row.name);
  const icon = ICON_OF_LABEL[label] ?? FAMILIES[family];
  return { icon, colour: `k-${family}`, kind: row.associated ? 'Associated file' : label };
}

/** What is wrong with an entry's bytes, in the words of the column Kind; null for what is whole. */
export function lossOf(row: EntryRow): string | null {
  return row.presence === 'missing' ? 'Missing' : row.presence === 'cut' ? 'Cut short' : null;
}
