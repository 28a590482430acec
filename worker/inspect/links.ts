import { ROOT, type EntryId, type LinkEnd } from '../protocol/entry.ts';
import { ImageError } from '../protocol/errors.ts';
import { describeOne } from '../catalog/describe.ts';
import { pathOf } from '../catalog/path.ts';
import type { View } from './view.ts';

/** Links on the way to one entry at most; a kernel gives up at as many (Linux, path_resolution(7)). */
const MAX_LINKS = 40;

/**
 * Where a symbolic link leads, inside the image: an absolute target begins at the disc's root, and ".." at the root stays
 * there. Links on the way are followed. `entry` is null where nothing is reached, and `problem` says why.
 */
export async function followLink(view: View, link: EntryId): Promise<LinkEnd> {
  const { catalog } = view;
  const name = (entry: EntryId): string => view.volume.decodeName(catalog.name(entry));
  // A target may lead through one large directory thousands of times: each is looked through once.
  const known = new Map<EntryId, Map<string, EntryId>>();
  const childrenOf = (directory: EntryId): Map<string, EntryId> => {
    const children = known.get(directory) ?? new Map<string, EntryId>();
    if (known.has(directory)) return children;
    known.set(directory, children);
    const [from, to] = catalog.range(directory);
    for (let child = to - 1; child >= from; child--) children.set(name(child), child);
    return children;
  };
  const nowhere = (problem: string): LinkEnd => ({ entry: null, kind: null, path: '', problem });
  let at = catalog.parent(link);
  const steps = await stepsOf(view, link);
  if (steps.join('') === '' && steps.length < 2) return nowhere('It leads nowhere: the disc records no target.');
  if (steps[0] === '') at = ROOT;
  for (let links = 1; steps.length > 0;) {
    const step = steps.shift() as string;
    if (step === '' || step === '.') continue;
    if (catalog.kind(at) !== 'directory') return nowhere(`It leads nowhere: “${name(at)}” on its way is not a directory.`);
    if (step === '..') {
      at = at === ROOT ? ROOT : catalog.parent(at);
      continue;
    }
    const next = childrenOf(at).get(step);
    if (next === undefined) {
      if (!catalog.isRead(at)) return nowhere(`Its way leads through “${name(at) || '/'}”, which has not been read.`);
      return nowhere(`It leads nowhere: there is no “${step}” in ${at === ROOT ? 'the root' : `“${name(at)}”`} of this disc.`);
    }
    if (catalog.kind(next) !== 'symlink') at = next;
    else if (links++ === MAX_LINKS) return nowhere('It leads in a circle: one link points to the next without an end.');
    else {
      const inner = await stepsOf(view, next);
      if (inner[0] === '') at = ROOT;
      steps.unshift(...inner);
    }
  }
  return { entry: at, kind: catalog.kind(at), path: pathOf(catalog, (bytes) => view.volume.decodeName(bytes), at), problem: '' };
}

/** The components of a link's target; the first is empty for an absolute one. */
async function stepsOf(view: View, link: EntryId): Promise<string[]> {
  const record = await describeOne(view.volume, view.catalog.record(link));
  if (record instanceof ImageError) throw record;
  return view.volume.decodeName(record.target ?? new Uint8Array()).split('/');
}
