import type { EntryId } from '../protocol/entry.ts';
import { ImageError } from '../protocol/errors.ts';
import type { EntryRecord, Volume } from '../formats/volume.ts';
import type { Catalog } from './catalog.ts';

/** Entries described at once: enough for coalesced reads, few enough to stay small. */
const BATCH = 4096;

/** The records of entries in the order asked for, batch by batch; the error stands in place of one that cannot be understood. */
export async function* describeEntries(
  volume: Volume,
  catalog: Catalog,
  entries: Iterable<EntryId>,
  signal?: AbortSignal,
): AsyncGenerator<readonly [EntryId, EntryRecord | ImageError]> {
  let batch: EntryId[] = [];
  for (const entry of entries) {
    batch.push(entry);
    if (batch.length === BATCH) {
      yield* describeBatch(volume, catalog, batch, signal);
      batch = [];
    }
  }
  yield* describeBatch(volume, catalog, batch, signal);
}

async function* describeBatch(
  volume: Volume,
  catalog: Catalog,
  entries: readonly EntryId[],
  signal?: AbortSignal,
): AsyncGenerator<readonly [EntryId, EntryRecord | ImageError]> {
  const records = entries.map((entry) => catalog.record(entry));
  let described: (EntryRecord | ImageError)[];
  try {
    described = await volume.describe(records, signal);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    described = [];
    for (const record of records) described.push(await describeOne(volume, record, signal));
  }
  for (const [index, entry] of entries.entries()) yield [entry, described[index] as EntryRecord | ImageError];
}

/** The record of one entry or stream, or the error in its place. */
export async function describeOne(volume: Volume, record: number, signal?: AbortSignal): Promise<EntryRecord | ImageError> {
  try {
    return (await volume.describe([record], signal))[0] as EntryRecord;
  } catch (error) {
    if (error instanceof ImageError) return error;
    throw error;
  }
}
