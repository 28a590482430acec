import { ROOT, type EntryId } from '../protocol/entry.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Slices } from './slices.ts';

/** Entries looked at between two places where others can have their turn. */
const STEP = 65_536;

/**
 * Which directories lie below some, those included, by their slot: a directory stands before its children, so one
 * pass over all entries tells. Which are the uppermost, `begins` says.
 */
export async function directoriesBelow(catalog: Catalog, begins: (directory: EntryId) => boolean, slices: Slices): Promise<Uint8Array> {
  const inside = new Uint8Array(catalog.directories + 1);
  inside[catalog.slot(ROOT)] = begins(ROOT) ? 1 : 0;
  const count = catalog.count;
  for (let entry = ROOT + 1; entry < count; entry++) {
    if (entry % STEP === 0) await slices.breathe();
    if (catalog.kind(entry) !== 'directory') continue;
    // More directories may come while others have their turn.
    const slot = catalog.slot(entry);
    if (slot < inside.length) inside[slot] = inside[catalog.slot(catalog.parent(entry))] || begins(entry) ? 1 : 0;
  }
  return inside;
}
