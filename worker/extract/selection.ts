import { ROOT, type EntryId } from '../protocol/entry.ts';
import type { Catalog } from '../catalog/catalog.ts';

/** What was chosen, without doubles: entries below a chosen directory are its own. */
export interface Selection {
  /** Chosen entries, none inside another, in the catalog's order. */
  readonly entries: readonly EntryId[];
  /** The deepest directory that holds them all: paths in the output begin below it. */
  readonly base: EntryId;
  /** Below `base`: the children on the way to what was chosen, of each directory that is not whole. */
  readonly onTheWay: ReadonlyMap<EntryId, readonly EntryId[]>;
}

/** Reduce what was chosen (see Selection). The root stands for the whole disc. */
export function reduceSelection(catalog: Catalog, chosen: ArrayLike<EntryId>): Selection {
  const all = new Set<EntryId>();
  for (let index = 0; index < chosen.length; index++) {
    const entry = chosen[index] as EntryId;
    if (!(entry >= 0 && entry < catalog.count)) throw new RangeError(`no entry ${entry}`);
    all.add(entry);
  }
  if (all.has(ROOT)) return { entries: [ROOT], base: ROOT, onTheWay: new Map() };
  /** Directories already asked: whether they are chosen or lie inside one that is. */
  const inside = new Map<EntryId, boolean>([[ROOT, false]]);
  const isInside = (directory: EntryId): boolean => {
    const way: EntryId[] = [];
    let at = directory;
    while (!inside.has(at) && !all.has(at)) {
      way.push(at);
      at = catalog.parent(at);
    }
    const answer = all.has(at) || inside.get(at) === true;
    for (const passed of way) inside.set(passed, answer);
    return answer;
  };
  const entries = [...all].filter((entry) => !isInside(catalog.parent(entry))).sort((a, b) => a - b);
  const parents = new Set(entries.map((entry) => catalog.parent(entry)));
  const base = [...parents].reduce((common, parent) => commonAncestor(catalog, common, parent), [...parents][0] ?? ROOT);
  const onTheWay = new Map<EntryId, EntryId[]>();
  const added = new Set<EntryId>();
  for (const entry of entries) {
    for (let at = entry; at !== base && !added.has(at); at = catalog.parent(at)) {
      added.add(at);
      const parent = catalog.parent(at);
      const siblings = onTheWay.get(parent);
      if (siblings) siblings.push(at);
      else onTheWay.set(parent, [at]);
    }
  }
  for (const siblings of onTheWay.values()) siblings.sort((a, b) => a - b);
  return { entries, base, onTheWay };
}

/** A parent stands before its children, so the larger id is never above the smaller. */
function commonAncestor(catalog: Catalog, a: EntryId, b: EntryId): EntryId {
  let left = a;
  let right = b;
  while (left !== right) {
    if (left > right) left = catalog.parent(left);
    else right = catalog.parent(right);
  }
  return left;
}

/** One step of the walk: an entry and the index of the step of the directory it stands in (-1: at the top). */
export interface Step {
  readonly entry: EntryId;
  readonly parent: number;
}

/**
 * Walk a selection depth first in the catalog's order. Hidden and associated entries found inside
 * a chosen directory come along only where `hidden`; chosen ones always do.
 */
export function* walkSelection(catalog: Catalog, selection: Selection, hidden: boolean): Generator<Step, void, void> {
  const whole = new Set(selection.entries);
  interface Frame {
    readonly list: readonly EntryId[] | null;
    next: number;
    readonly end: number;
    readonly parent: number;
  }
  const inside = (directory: EntryId, parent: number): Frame => {
    const [next, end] = catalog.range(directory);
    return { list: null, next, end, parent };
  };
  const chosen = (list: readonly EntryId[], parent: number): Frame => ({ list, next: 0, end: list.length, parent });
  const stack: Frame[] = [whole.has(ROOT) ? inside(ROOT, -1) : chosen(selection.onTheWay.get(selection.base) ?? [], -1)];
  let steps = 0;
  for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
    if (frame.next >= frame.end) {
      stack.pop();
      continue;
    }
    const at = frame.next++;
    const entry = frame.list ? (frame.list[at] as EntryId) : at;
    if (!frame.list && !hidden && (catalog.hidden(entry) || catalog.associated(entry))) continue;
    yield { entry, parent: frame.parent };
    const step = steps++;
    if (catalog.kind(entry) !== 'directory') continue;
    const list = selection.onTheWay.get(entry);
    stack.push(list && !whole.has(entry) ? chosen(list, step) : inside(entry, step));
  }
}
