import { ROOT, type EntryId } from '../protocol/entry.ts';
import type { Catalog } from './catalog.ts';
import type { DecodeName } from './order.ts';

/** The entries from the root to this one, root first. */
export function ancestors(catalog: Catalog, entry: EntryId): EntryId[] {
  const line = [entry];
  for (let at = entry; at !== ROOT;) line.push((at = catalog.parent(at)));
  return line.reverse();
}

/** "/a/b/c" as recorded, decoded; "/" for the root. */
export function pathOf(catalog: Catalog, decode: DecodeName, entry: EntryId): string {
  return `/${ancestors(catalog, entry)
    .slice(1)
    .map((step) => decode(catalog.name(step)))
    .join('/')}`;
}

/** The path's bytes as recorded, components joined by "/"; for names that are no text. */
export function pathBytes(catalog: Catalog, entry: EntryId): Uint8Array {
  const names = ancestors(catalog, entry)
    .slice(1)
    .map((step) => catalog.name(step));
  const bytes = new Uint8Array(names.reduce((sum, name) => sum + 1 + name.length, 0));
  let at = 0;
  for (const name of names) {
    bytes[at++] = 0x2f;
    bytes.set(name, at);
    at += name.length;
  }
  return bytes;
}

/** Whether bytes are well-formed UTF-8. */
export function isText(bytes: Uint8Array): boolean {
  try {
    STRICT.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

const STRICT = new TextDecoder('utf-8', { fatal: true });

/** The entry at a path as `pathOf` writes it; -1 where there is none. Names that hold "/" are found too. */
export function findPath(catalog: Catalog, decode: DecodeName, path: string): EntryId {
  const wanted = `/${path.replace(/^\/+/, '').replace(/\/+$/, '')}`;
  if (wanted === '/') return ROOT;
  const search = (directory: EntryId, prefix: string): EntryId => {
    const [from, to] = catalog.range(directory);
    for (let entry = from; entry < to; entry++) {
      const at = `${prefix}/${decode(catalog.name(entry))}`;
      if (at === wanted) return entry;
      if (catalog.kind(entry) === 'directory' && wanted.startsWith(`${at}/`)) {
        const found = search(entry, at);
        if (found !== -1) return found;
      }
    }
    return -1;
  };
  return search(ROOT, '');
}

/** The entries at many paths, in one walk of the directories that lead to them; those that are not there are left out. */
export function findPaths(catalog: Catalog, decode: DecodeName, paths: readonly string[]): EntryId[] {
  const found = pathMap(catalog, decode, paths);
  return paths.map((path) => found.get(path)).filter((entry) => entry !== undefined);
}

/** The entries at many paths, by path. `fold` makes names alike that are to count as one. */
export function pathMap(
  catalog: Catalog,
  decode: DecodeName,
  paths: readonly string[],
  fold: (path: string) => string = (path) => path,
): Map<string, EntryId> {
  const found = new Map<string, EntryId>([['/', ROOT]]);
  const wanted = new Set(paths.map(fold));
  const leading = new Set<string>();
  for (const path of wanted) for (let at = path.indexOf('/', 1); at !== -1; at = path.indexOf('/', at + 1)) leading.add(path.slice(0, at));
  const search = (directory: EntryId, prefix: string): void => {
    const [from, to] = catalog.range(directory);
    for (let entry = from; entry < to; entry++) {
      const at = `${prefix}/${fold(decode(catalog.name(entry)))}`;
      if (wanted.has(at) && !found.has(at)) found.set(at, entry);
      if (leading.has(at) && catalog.kind(entry) === 'directory') search(entry, at);
    }
  };
  search(ROOT, '');
  return found;
}

/** All entries below a directory in the order of the tree: a directory, then all below it, then its next sibling. */
export function* walk(catalog: Catalog, directory: EntryId = ROOT): Generator<EntryId> {
  const stack: [EntryId, EntryId][] = [[...catalog.range(directory)]];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const entry = top[0]++;
    if (entry >= top[1]) stack.pop();
    else {
      yield entry;
      if (catalog.kind(entry) === 'directory') stack.push([...catalog.range(entry)]);
    }
  }
}
