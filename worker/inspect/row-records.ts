import { ROOT, type EntryId, type RecordKey, type RowRecord } from '../protocol/entry.ts';
import { ImageError, SourceError } from '../protocol/errors.ts';
import type { SortKey } from '../protocol/inspector.ts';
import { describeEntries } from '../catalog/describe.ts';
import type { EntryRecord } from '../formats/volume.ts';

import type { View } from './view.ts';

/** More groups than this are told apart where an owner is one number: a double has 53 bits, the user 32 of them. */
const GROUPS = 2 ** 21;

/** Bytes of the pieces that the disc holds of a file: less than its size where it is packed or has holes. */
export function storedBytes({ runs }: EntryRecord): number {
  return runs.reduce((sum, run) => sum + ('zeros' in run ? 0 : run.length), 0);
}

/** What each column is compared by; NaN for what the disc does not say. */
const VALUES: Readonly<Record<RecordKey, (record: EntryRecord) => number>> = {
  created: ({ times }) => times.created ?? NaN,
  changed: ({ times }) => times.changed ?? NaN,
  accessed: ({ times }) => times.accessed ?? NaN,
  mode: ({ mode }) => (mode === null ? NaN : mode & 0o7777),
  owner: ({ uid, gid }) => (uid === null && gid === null ? NaN : (uid ?? -1) * GROUPS + Math.min(gid ?? 0, GROUPS - 1)),
  links: ({ links }) => links ?? NaN,
  stored: (record) => (record.kind === 'file' ? storedBytes(record) : NaN),
  pieces: ({ kind, pieces, runs }) => (kind === 'file' ? (pieces ?? runs.length) : NaN),
};

const isRecordKey = (key: SortKey): key is RecordKey => key in VALUES;

/** Of a record what the columns show. */
export function rowRecord(record: EntryRecord, columns: readonly RecordKey[]): RowRecord {
  const { mode, uid, gid } = record;
  const values = columns.map((key): readonly [RecordKey, RowRecord[RecordKey]] => {
    if (key === 'mode') return [key, mode];
    if (key === 'owner') return [key, uid === null && gid === null ? null : [uid, gid]];
    const value = VALUES[key](record);
    return [key, Number.isNaN(value) ? null : value];
  });
  return Object.fromEntries(values);
}

/**
 * The records of entries, for what a list shows beside the catalog's columns. One that cannot be understood is absent,
 * and so are all where the file cannot be read any more: a list stands without them, and whatever is opened says why.
 */
export async function recordsOf(view: View, entries: Uint32Array, signal?: AbortSignal): Promise<Map<EntryId, EntryRecord>> {
  const records = new Map<EntryId, EntryRecord>();
  await eachRecord(view, entries, (entry, record) => records.set(entry, record), signal);
  return records;
}

async function eachRecord(
  { volume, catalog }: View,
  entries: Uint32Array,
  take: (entry: EntryId, record: EntryRecord) => void,
  signal?: AbortSignal,
): Promise<void> {
  try {
    const described = entries.filter((entry) => entry !== ROOT);
    for await (const [entry, record] of describeEntries(volume, catalog, described, signal))
      if (!(record instanceof ImageError)) take(entry, record);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
  }
}

/** What a list is put in order by, where that is not in the catalog: sizes of directories, and what records say. */
export async function valuesOf(
  view: View,
  entries: Uint32Array,
  sort: SortKey,
  signal?: AbortSignal,
): Promise<((entry: EntryId) => number) | undefined> {
  if (sort === 'size') return (entry) => sizeOfRow(view, entry);
  if (!isRecordKey(sort)) return undefined;
  const values = new Map<EntryId, number>();
  await eachRecord(view, entries, (entry, record) => values.set(entry, VALUES[sort](record)), signal);
  return (entry) => values.get(entry) ?? NaN;
}

/** Bytes of a file, or of all below a directory once that is known. */
export function sizeOfRow({ catalog, totals }: View, entry: EntryId): number {
  return totals && catalog.kind(entry) === 'directory' ? totals.below(entry).bytes : catalog.size(entry);
}
