import { ROOT, type EntryId } from '../../worker/protocol/entry.ts';
import type { Session } from '../session.svelte.ts';

/** A directory of a disc. */
export interface Folder {
  readonly entry: EntryId;
  readonly name: string;
  /** The path that it lies in: "/boot". */
  readonly inside: string;
}

/** Directories that are looked at; those nearest to the root come first. */
const MAX_FOLDERS = 2000;
/** Directories that the worker is asked for at once. */
const AT_ONCE = 32;

/** The directories of the tree that is shown, nearest to the root first. */
export async function foldersOf(session: Session, hidden: boolean, stopped: () => boolean): Promise<readonly Folder[]> {
  const { view, inspector } = session;
  const found: Folder[] = [];
  if (view === null) return found;
  let level: readonly { readonly entry: EntryId; readonly path: string }[] = [{ entry: ROOT, path: '' }];
  while (level.length > 0 && found.length < MAX_FOLDERS && !stopped()) {
    const next: { entry: EntryId; path: string }[] = [];
    for (let at = 0; at < level.length && found.length < MAX_FOLDERS && !stopped(); at += AT_ONCE) {
      const parents = level.slice(at, at + AT_ONCE);
      const children = await Promise.all(parents.map(({ entry }) => inspector.directories(view, entry, hidden)));
      children.forEach((nodes, index) => {
        const inside = parents[index]?.path ?? '';
        for (const { entry, name, hasDirectories } of nodes) {
          found.push({ entry, name, inside: inside || '/' });
          if (hasDirectories) next.push({ entry, path: `${inside}/${name}` });
        }
      });
    }
    level = next;
  }
  return found.slice(0, MAX_FOLDERS);
}
