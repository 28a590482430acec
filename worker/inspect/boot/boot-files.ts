import type { BootFileReport } from '../../protocol/boot.ts';
import { pathOf } from '../../catalog/path.ts';
import type { View } from '../view.ts';

/** Files in a report at most: an image can have thousands that begin at one place. */
const MAX_FILES = 256;

/** The files of a view that begin at these offsets, the first of each. */
export function bootFiles({ catalog, volume }: View, offsets: readonly number[]): BootFileReport[] {
  const wanted = new Set(offsets);
  const found: BootFileReport[] = [];
  for (let entry = 1; entry < catalog.count && wanted.size > 0 && found.length < MAX_FILES; entry++) {
    const offset = catalog.offset(entry);
    if (!wanted.has(offset) || catalog.kind(entry) !== 'file' || catalog.size(entry) === 0) continue;
    wanted.delete(offset);
    found.push({ offset, path: pathOf(catalog, (bytes) => volume.decodeName(bytes), entry) });
  }
  return found;
}

/** The files of a view with more bytes than this, the first of them. */
export function filesOver({ catalog, volume }: View, most: number): { path: string; size: number }[] {
  const found: { path: string; size: number }[] = [];
  for (let entry = 1; entry < catalog.count && found.length < MAX_FILES; entry++) {
    if (catalog.kind(entry) !== 'file' || catalog.size(entry) <= most) continue;
    found.push({ path: pathOf(catalog, (bytes) => volume.decodeName(bytes), entry), size: catalog.size(entry) });
  }
  return found;
}
