import { ROOT } from '../../protocol/entry.ts';
import type { LostFile, LostFiles } from '../../protocol/whole.ts';
import { pathOf } from '../../catalog/path.ts';
import type { View } from '../view.ts';

/** Paths that are named of a broken image; all are counted. */
const MAX_NAMED = 1_000;

/** The files of a view that are not all there, in one pass over the columns; null where none is known to be. */
export function lostFiles({ catalog, volume }: View, size: number): LostFiles | null {
  const files: LostFile[] = [];
  let [lost, cut, bytes, directories] = [0, 0, 0, catalog.isPartial(ROOT) ? 1 : 0];
  for (let entry = 1; entry < catalog.count; entry++) {
    const kind = catalog.kind(entry);
    if (kind === 'directory' && (catalog.isPartial(entry) || !catalog.isRead(entry))) directories++;
    if (kind !== 'file') continue;
    const presence = catalog.presence(entry);
    if (presence === 'whole') continue;
    if (presence === 'missing') lost++;
    else cut++;
    const past = catalog.offset(entry) + catalog.size(entry) - size;
    bytes += presence === 'missing' || !(past > 0) ? catalog.size(entry) : Math.min(past, catalog.size(entry));
    if (files.length < MAX_NAMED) files.push({ path: pathOf(catalog, (name) => volume.decodeName(name), entry), presence });
  }
  return lost + cut + directories === 0 ? null : { view: volume.id, lost, cut, bytes, directories, files };
}
