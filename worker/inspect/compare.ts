import { ROOT, type EntryId } from '../protocol/entry.ts';
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

/**
 * How a later state of a disc differs from an earlier one: by path, then by place, size and time. An entry is found by the
 * directory it was in and its name: whole paths of a million deep entries would be gigabytes.
 */
export function compareSessions(earlier: View, later: View): SessionDifference {
  const before = new Map<string, EntryId>();
  for (const entry of walk(earlier.catalog)) before.set(keyIn(earlier.catalog.parent(entry), earlier, entry), entry);
  /** Of each entry of the later state the one of the earlier that it was; 0 is the root, and stands for none elsewhere. */
  const same = new Uint32Array(later.catalog.count);
  const added: EntryId[] = [];
  const changed: EntryId[] = [];
  for (const entry of walk(later.catalog)) {
    const parent = later.catalog.parent(entry);
    const known = parent === ROOT || same[parent] !== 0;
    const key = known ? keyIn(same[parent] as EntryId, later, entry) : '';
    const was = known ? before.get(key) : undefined;
    before.delete(key);
    if (was === undefined) {
      added.push(entry);
      continue;
    }
    same[entry] = was;
    if (stateKey(earlier.catalog, was) !== stateKey(later.catalog, entry)) changed.push(entry);
  }
  return {
    added: Uint32Array.from(added),
    changed: Uint32Array.from(changed),
    removed: [...before.values()].slice(0, MAX_REMOVED).map((entry) => fullPath(earlier, entry)),
    removedCount: before.size,
  };
}

function keyIn(directory: EntryId, { catalog, volume }: View, entry: EntryId): string {
  return `${directory}/${volume.decodeName(catalog.name(entry))}`;
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
