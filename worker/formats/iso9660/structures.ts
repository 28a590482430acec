import type { Block } from '../../bytes/block.ts';
import type { DiscStructure } from '../volume.ts';
import { SECTOR } from './directory-record.ts';
import type { PathTablePlace } from './tree-form.ts';
import { descriptorKind, MAX_DESCRIPTORS, type DescriptorSector } from './volume-descriptor.ts';

/** The path tables that a descriptor names, and how to find them. */
export interface PathTables extends PathTablePlace {
  readonly blockSize: number;
  /** What names them: "Joliet volume descriptor". */
  readonly of: string;
}

/** The volume descriptors with their terminators (ECMA-119 6.7.1, 8.3). */
export function descriptorSectors(
  head: Block,
  sectors: readonly DescriptorSector[],
  titles: Readonly<Partial<Record<string, string>>>,
): DiscStructure[] {
  const found = sectors.map(({ kind, block }) => ({ offset: block.base, length: SECTOR, name: titles[kind] ?? 'Volume descriptor' }));
  const last = sectors.at(-1);
  // Some writers end the set with more than one terminator.
  for (let at = last ? last.block.base + SECTOR - head.base : head.length; at + SECTOR <= head.length; at += SECTOR) {
    if (found.length >= MAX_DESCRIPTORS || descriptorKind(head.slice(at, SECTOR)) !== 'terminator') break;
    found.push({ offset: head.base + at, length: SECTOR, name: 'Volume descriptor set terminator' });
  }
  return found;
}

/** The path tables of each tree, in both byte orders, and their copies (ECMA-119 6.9). */
export function pathTables(tables: readonly PathTables[]): DiscStructure[] {
  return tables.flatMap(({ size, little, big, copies = [0, 0], blockSize, of }) =>
    [little, big, ...copies]
      .filter((block) => block > 0 && size > 0)
      .map((block) => ({ offset: block * blockSize, length: size, name: `Path table of the ${lowered(of)}` })),
  );
}

function lowered(title: string): string {
  return title.startsWith('Joliet') || title.startsWith('High') ? title : `${title.charAt(0).toLowerCase()}${title.slice(1)}`;
}
