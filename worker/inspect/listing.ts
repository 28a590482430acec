import { ROOT, type EntryDetails, type EntryId, type EntryRow, type LinkEnd, type RecordKey } from '../protocol/entry.ts';
import type { ListOptions, Listing, TreeNode } from '../protocol/inspector.ts';
import { filterChildren, sortEntries } from '../catalog/order.ts';
import { hexOf } from '../bytes/hex.ts';
import { ancestors, isText, pathOf } from '../catalog/path.ts';
import type { EntryRecord, NamedStream } from '../formats/volume.ts';
import type { Run } from '../source/runs.ts';
import { recordsOf, rowRecord, sizeOfRow, valuesOf } from './row-records.ts';
import type { View } from './view.ts';

/** Rows that come with a list: more than a usual screen shows. */
const FIRST_ROWS = 80;

/** The children of a directory as far as they are read, in order. */
export async function listDirectory(view: View, directory: EntryId, options: ListOptions): Promise<Listing> {
  const { catalog, volume } = view;
  const decode = (bytes: Uint8Array): string => volume.decodeName(bytes);
  const { entries: unsorted, hiddenCount } = filterChildren(catalog, decode, directory, options);
  const valueOf = await valuesOf(view, unsorted, options.sort);
  const entries = sortEntries(catalog, decode, unsorted, options.sort, options.descending, valueOf);
  const final = view.state === 'read' || view.state === 'failed';
  return {
    view: volume.id,
    directory,
    path: ancestors(catalog, directory).map((step) => rowOf(view, step)),
    entries,
    hiddenCount,
    complete: final || catalog.isRead(directory),
    final,
    rows: await rowsOf(view, entries.subarray(0, FIRST_ROWS), options.columns ?? []),
  };
}

/** Rows of a table with what else of their records is shown. */
export async function rowsOf(view: View, entries: Uint32Array, columns: readonly RecordKey[]): Promise<EntryRow[]> {
  const rows = Array.from(entries, (entry) => rowOf(view, entry));
  if (columns.length === 0) return rows;
  const records = await recordsOf(view, entries);
  return rows.map((row) => {
    const record = records.get(row.entry);
    return record ? { ...row, record: rowRecord(record, columns) } : row;
  });
}

/** One row of a table, from the columns alone. */
export function rowOf(view: View, entry: EntryId): EntryRow {
  const { catalog, volume, totals } = view;
  const kind = catalog.kind(entry);
  const bytes = catalog.name(entry);
  const directory = kind === 'directory';
  const [from, to] = catalog.range(entry);
  return {
    entry,
    name: entry === ROOT ? volume.label : volume.decodeName(bytes),
    kind,
    size: kind === 'file' || (directory && totals) ? sizeOfRow(view, entry) : null,
    modified: numberOrNull(catalog.modified(entry)),
    offset: numberOrNull(catalog.offset(entry)),
    presence: catalog.presence(entry),
    hidden: catalog.hidden(entry),
    associated: catalog.associated(entry),
    children: directory && catalog.isRead(entry) ? to - from : null,
    ...(isText(bytes) ? {} : { nameBytes: hexOf(bytes) }),
  };
}

/** The directories inside one, by name, for a tree. */
export function listDirectories(view: View, parent: EntryId, hidden: boolean): TreeNode[] {
  const { catalog, volume } = view;
  const [from, to] = catalog.range(parent);
  const found: EntryId[] = [];
  for (let entry = from; entry < to; entry++) {
    if (catalog.kind(entry) === 'directory' && (hidden || !catalog.hidden(entry))) found.push(entry);
  }
  const ordered = sortEntries(catalog, (bytes) => volume.decodeName(bytes), Uint32Array.from(found), 'name', false);
  return Array.from(ordered, (entry) => {
    const [first, last] = catalog.range(entry);
    let hasDirectories = false;
    for (let child = first; child < last && !hasDirectories; child++) hasDirectories = catalog.kind(child) === 'directory';
    return {
      entry,
      name: volume.decodeName(catalog.name(entry)),
      children: catalog.isRead(entry) ? last - first : null,
      hasDirectories,
      hidden: catalog.hidden(entry),
    };
  });
}

/** Extents that are listed of one image, beside one for each entry: some 20 MB of text. Interleaved files can have millions each. */
const MAX_LISTED_EXTENTS = 1_000_000;

/** How many extents may still be listed. */
export class ExtentRoom {
  #left = MAX_LISTED_EXTENTS;

  /** The extents of a record; null where they are more than there is room for. */
  take(record: EntryRecord, pieces: number): EntryDetails['extents'] {
    if (pieces > 1 && pieces > this.#left) return null;
    if (pieces > 1) this.#left -= pieces;
    return record.runs.map(extentOf);
  }
}

/** What is told of every entry of a list: whether one holds a file system is looked at only where somebody asks for that one. */
export type ListedDetails = Omit<EntryDetails, 'nested'>;

/** All that is known of an entry, from its columns and its record. */
export function detailsOf(
  view: View,
  entry: EntryId,
  record: EntryRecord | null,
  streams: readonly NamedStream[] = [],
  link: LinkEnd | null = null,
  room = new ExtentRoom(),
): ListedDetails {
  const { catalog, volume } = view;
  const kind = catalog.kind(entry);
  const modified = numberOrNull(catalog.modified(entry));
  const pieces = record ? (record.pieces ?? record.runs.length) : 0;
  return {
    entry,
    path: pathOf(catalog, (bytes) => volume.decodeName(bytes), entry),
    kind,
    size: kind === 'file' ? catalog.size(entry) : null,
    mode: record?.mode ?? null,
    uid: record?.uid ?? null,
    gid: record?.gid ?? null,
    links: record?.links ?? null,
    target: record?.target ? volume.decodeName(record.target) : null,
    link,
    device: record?.device ?? null,
    times: record?.times ?? (modified === null ? {} : { modified }),
    zoneKnown: record?.zoneKnown ?? volume.zoneKnown,
    extents: record ? room.take(record, pieces) : [],
    pieces,
    hidden: catalog.hidden(entry),
    presence: catalog.presence(entry),
    compression: record?.compression ?? null,
    streams: streams.map(({ name, size, presence }) => ({ name: volume.decodeName(name), size, presence })),
  };
}

function extentOf(run: Run): readonly [number | null, number] {
  return 'zeros' in run ? [null, run.zeros] : [run.offset, run.length];
}

function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** Index in `entries` of the first name at or after `from`, wrapping, that begins with `prefix`; -1. */
export function findPrefix(view: View, entries: Uint32Array, prefix: string, from: number): number {
  const wanted = prefix.toLowerCase();
  for (let step = 0; step < entries.length; step++) {
    const index = (from + step) % entries.length;
    const name = view.volume.decodeName(view.catalog.name(entries[index] as number));
    if (name.toLowerCase().startsWith(wanted)) return index;
  }
  return -1;
}
