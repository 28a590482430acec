import type { EntryId } from '../protocol/entry.ts';
import type { SessionDifference } from '../protocol/inspector.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { pathOf, walk } from '../catalog/path.ts';
import type { View } from './view.ts';

/** Paths of removed entries that are named one by one. */
const MAX_REMOVED = 1_000;

/** Files with bytes of one view whose contents, by place and size, are in no file of another; in linear time. */
export function onlyIn(view: View, other: View): Uint32Array {
  const known = new Set<string>();
  for (const entry of recordedFiles(other.catalog)) known.add(contentsKey(other.catalog, entry));
  const only: EntryId[] = [];
  for (const entry of recordedFiles(view.catalog)) if (!known.has(contentsKey(view.catalog, entry))) only.push(entry);
  return Uint32Array.from(only);
}

/** How a later state of a disc differs from an earlier one: by path, then by place, size and time. */
export function compareSessions(earlier: View, later: View): SessionDifference {
  const before = new Map<string, string>();
  for (const entry of walk(earlier.catalog)) before.set(fullPath(earlier, entry), stateKey(earlier.catalog, entry));
  const added: EntryId[] = [];
  const changed: EntryId[] = [];
  for (const entry of walk(later.catalog)) {
    const path = fullPath(later, entry);
    const state = before.get(path);
    if (state === undefined) added.push(entry);
    else if (state !== stateKey(later.catalog, entry)) changed.push(entry);
    before.delete(path);
  }
  return {
    added: Uint32Array.from(added),
    changed: Uint32Array.from(changed),
    removed: [...before.keys()].slice(0, MAX_REMOVED),
    removedCount: before.size,
  };
}

function* recordedFiles(catalog: Catalog): Generator<EntryId> {
  for (let entry = 1; entry < catalog.count; entry++) {
    if (catalog.kind(entry) === 'file' && catalog.isContent(entry) && catalog.size(entry) > 0 && !Number.isNaN(catalog.offset(entry)))
      yield entry;
  }
}

function contentsKey(catalog: Catalog, entry: EntryId): string {
  return `${catalog.offset(entry)}+${catalog.size(entry)}`;
}

/** What makes an entry the same as before: a directory by its kind alone, for it is written anew in each session. */
function stateKey(catalog: Catalog, entry: EntryId): string {
  const kind = catalog.kind(entry);
  return kind === 'directory' ? kind : `${kind} ${contentsKey(catalog, entry)} ${catalog.modified(entry)}`;
}

function fullPath(view: View, entry: EntryId): string {
  return pathOf(view.catalog, (bytes) => view.volume.decodeName(bytes), entry);
}
