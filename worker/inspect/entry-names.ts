import { ROOT, type EntryId, type ViewId } from '../protocol/entry.ts';
import type { OtherName } from '../protocol/study.ts';
import { pathOf } from '../catalog/path.ts';
import type { DiscImage } from './image.ts';
import type { View } from './view.ts';

/** Names that are told of one entry; hard links can have thousands. */
const MAX_NAMES = 50;

/**
 * The other names that an entry has in the trees of a disc, its own tree too: files whose contents begin at the same place and
 * are as long, directories whose records begin at the same place. Trees that have not been read tell nothing.
 */
export function otherNames(image: DiscImage, id: ViewId, entry: EntryId): readonly OtherName[] {
  const own = image.view(id);
  if (!own || entry === ROOT) return [];
  const { catalog } = own;
  const [kind, offset, size] = [catalog.kind(entry), catalog.offset(entry), catalog.size(entry)];
  if (Number.isNaN(offset) || (kind !== 'file' && kind !== 'directory') || (kind === 'file' && size === 0)) return [];
  const names: OtherName[] = [];
  // What lies inside a file of this disc counts its places from there.
  for (const view of image.views.includes(own) ? image.views : [own]) {
    for (const other of entriesAt(view, offset)) {
      if (view === own && other === entry) continue;
      if (view.catalog.kind(other) !== kind || view.catalog.size(other) !== size) continue;
      if (names.length === MAX_NAMES) return names;
      const path = pathOf(view.catalog, (bytes) => view.volume.decodeName(bytes), other);
      names.push({ view: view.volume.id, title: view.volume.title, entry: other, path });
    }
  }
  return names;
}

function* entriesAt({ catalog }: View, offset: number): Generator<EntryId> {
  for (let entry = ROOT + 1; entry < catalog.count; entry++) if (catalog.offset(entry) === offset) yield entry;
}
