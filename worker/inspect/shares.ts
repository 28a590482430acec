import type { EntryId } from '../protocol/entry.ts';
import type { Shares } from '../protocol/study.ts';
import { ancestors } from '../catalog/path.ts';
import { rowOf } from './listing.ts';
import type { View } from './view.ts';

/** Entries that are told one by one: more are too small to be seen. */
const MOST = 100;
/** A part of the whole below which an entry is one of the others. */
const LEAST = 1 / 2000;

/** What takes the room of a directory; null while its view is being read. */
export function sharesOf(view: View, directory: EntryId, hidden: boolean): Shares | null {
  const { catalog } = view;
  const totals = hidden ? view.totals : view.shownTotals;
  if (!totals) return null;
  const { bytes } = totals.below(directory);
  const [from, to] = catalog.range(directory);
  const sizes: { readonly entry: EntryId; readonly size: number }[] = [];
  let all = 0;
  for (let entry = from; entry < to; entry++) {
    if (!hidden && (catalog.hidden(entry) || catalog.associated(entry))) continue;
    const size = catalog.kind(entry) === 'directory' ? totals.below(entry).bytes : catalog.size(entry);
    all++;
    if (size > 0 && size >= bytes * LEAST) sizes.push({ entry, size });
  }
  sizes.sort((a, b) => b.size - a.size);
  const told = sizes.slice(0, MOST);
  return {
    path: ancestors(catalog, directory).map((step) => rowOf(view, step)),
    rows: told.map(({ entry, size }) => ({ ...rowOf(view, entry), size })),
    others: all - told.length,
    otherBytes: told.reduce((rest, { size }) => rest - size, bytes),
    bytes,
  };
}
