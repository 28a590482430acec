import type { ScannedEntry } from '../formats/volume.ts';
import { Catalog } from '../catalog/catalog.ts';
import { ROOT, type EntryId } from '../protocol/entry.ts';

const encoder = new TextEncoder();

export const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** A file or directory of a tree for tests: what is not given is plain. */
export interface Leaf extends Partial<Omit<ScannedEntry, 'name'>> {
  readonly name: string;
  readonly children?: readonly Leaf[];
}

/** A catalog of a small tree. */
export function catalogOf(tree: readonly Leaf[]): Catalog {
  const catalog = new Catalog();
  const pending: [EntryId, readonly Leaf[]][] = [[ROOT, tree]];
  for (const [directory, leaves] of pending) {
    catalog.begin(directory);
    for (const { name, children, ...more } of leaves) {
      const plain = { size: 0, modified: NaN, offset: NaN, record: 0, presence: 'whole', hidden: false, associated: false } as const;
      const kind = children ? 'directory' : 'file';
      const entry = catalog.add({ name: encoder.encode(name), kind, content: true, ...plain, ...more });
      if (children) pending.push([entry, children]);
    }
    catalog.end(directory, true);
  }
  return catalog;
}

export const namesIn = (catalog: Catalog, entries: ArrayLike<EntryId>): string[] =>
  Array.from(entries, (entry) => decode(catalog.name(entry)));
