import { describeEntries } from '../../catalog/describe.ts';
import { ROOT, type EntryId } from '../../protocol/entry.ts';
import { ImageError, SourceError } from '../../protocol/errors.ts';
import type { Run } from '../../source/runs.ts';
import type { ByteSource } from '../../source/source.ts';
import type { View } from '../view.ts';
import { STEPS, type Pace } from './pace.ts';
import { BY_FILE, type Spans } from './spans.ts';
import { kindNumber } from './structure-names.ts';

/** Pieces of scattered files that are told apart in all views together: some 100 MB. A disc has a few thousand. */
const MAX_PIECES = 4_000_000;
/** Pieces of one file; one of more is left out. */
const MAX_OF_ONE = 1_000_000;
const DIRECTORY = kindNumber('dir');

/** How many pieces may still be told apart, and whether any were left out. */
export class PieceBudget {
  left = MAX_PIECES;
  spent = false;

  take(pieces: number): boolean {
    if (pieces <= MAX_OF_ONE && pieces <= this.left) {
      this.left -= pieces;
      return true;
    }
    this.spent = true;
    return false;
  }
}

/** Add what the entries of a view own: the contents of its files, and where its directories and records stand. */
export async function claimTree(
  view: View,
  number: number,
  source: ByteSource,
  contents: Spans,
  records: Spans,
  budget: PieceBudget,
  pace: Pace,
): Promise<void> {
  const { catalog, volume } = view;
  const { places } = catalog;
  for (let index = 0; index < places.count; index++) {
    if ((index & STEPS) === 0 && pace.due) await pace.breathe();
    const offset = places.offset(index);
    records.add(offset, offset + places.length(index), DIRECTORY, number, places.directory(index));
  }
  const scattered: EntryId[] = [];
  const spanOf = volume.recordsApart ? volume.recordSpan?.bind(volume) : undefined;
  for (let entry = 1; entry < catalog.count; entry++) {
    if ((entry & STEPS) === 0 && pace.due) await pace.breathe();
    const [record, length] = spanOf?.(catalog.record(entry)) ?? [NaN, 0];
    if (record >= 0) records.add(record, record + length, DIRECTORY, number, entry);
    const kind = catalog.kind(entry);
    // A link's path is its contents, and stands in a block of its own where it is long (ECMA-167 4/14.16).
    if (kind === 'symlink' && record >= 0 && !(catalog.offset(entry) >= record && catalog.offset(entry) < record + length))
      records.add(catalog.offset(entry), catalog.offset(entry) + length, DIRECTORY, number, entry);
    if (kind !== 'file') continue;
    if (catalog.isScattered(entry)) {
      scattered.push(entry);
      continue;
    }
    const offset = catalog.offset(entry);
    // What is on another disc of a set has its place there.
    if (!(offset >= 0) || (catalog.presence(entry) === 'missing' && offset < source.size && !source.gaps?.length)) continue;
    // Contents in the entry's own block are part of that.
    if (offset >= record && offset < record + length) continue;
    contents.add(offset, offset + catalog.size(entry), BY_FILE, number, entry);
  }
  await claimScattered(view, scattered, number, contents, budget, pace);
  if (volume.streams && volume.hasStreams !== false) await claimStreams(view, number, contents, records, budget, pace);
}

async function claimScattered(
  { volume, catalog }: View,
  entries: readonly EntryId[],
  number: number,
  contents: Spans,
  budget: PieceBudget,
  pace: Pace,
): Promise<void> {
  for await (const [entry, record] of describeEntries(volume, catalog, entries)) {
    if (pace.due) await pace.breathe();
    if (record instanceof ImageError || !budget.take(record.pieces ?? record.runs.length)) continue;
    claimRuns(record.runs, number, entry, contents);
  }
}

/** Entries asked for their streams at once. */
const BATCH = 4096;

/** The named streams of a view's entries, as contents of the entries they belong to (UDF 2.60 3.3.5). */
async function claimStreams(
  { volume, catalog }: View,
  number: number,
  contents: Spans,
  records: Spans,
  budget: PieceBudget,
  pace: Pace,
): Promise<void> {
  for (let from = 0; from < catalog.count; from += BATCH) {
    const entries = Array.from({ length: Math.min(BATCH, catalog.count - from) }, (_, index) => from + index);
    const known = entries.filter((entry) => entry === ROOT || catalog.record(entry) >= 0);
    const streams = await volume.streams?.(Float64Array.from(known, (entry) => catalog.record(entry)));
    if (pace.due) await pace.breathe();
    for (const [index, some] of (streams ?? []).entries()) {
      const entry = known[index] as EntryId;
      for (const { record } of some) {
        const [offset, length] = volume.recordSpan?.(record) ?? [NaN, 0];
        if (offset >= 0) records.add(offset, offset + length, DIRECTORY, number, entry);
        const [described] = await volume.describe([record]).catch((error: unknown) => {
          if (error instanceof ImageError || error instanceof SourceError) return [];
          throw error;
        });
        const [first] = described?.runs ?? [];
        if (first && 'offset' in first && first.offset >= offset && first.offset < offset + length) continue;
        if (described && budget.take(described.runs.length)) claimRuns(described.runs, number, entry, contents);
      }
    }
  }
}

/** Add the pieces of a file; those that follow each other are one, as other trees may have it. */
function claimRuns(runs: readonly Run[], number: number, entry: EntryId, contents: Spans): void {
  let [start, end] = [NaN, NaN];
  for (const run of runs) {
    if (!('offset' in run)) continue;
    if (run.offset !== end) {
      contents.add(start, end, BY_FILE, number, entry);
      start = run.offset;
    }
    end = run.offset + run.length;
  }
  contents.add(start, end, BY_FILE, number, entry);
}
