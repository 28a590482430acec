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
  const records = await describeAll(
    volume,
    Float64Array.from(entries, (entry) => catalog.record(entry)),
    signal,
  );
  for (const [index, entry] of entries.entries()) yield [entry, records[index] as EntryRecord | ImageError];
}

/** The records at these places; the error stands in place of one that cannot be understood. */
export async function describeAll(volume: Volume, places: Float64Array, signal?: AbortSignal): Promise<(EntryRecord | ImageError)[]> {
  if (places.length === 0) return [];
  try {
    return await volume.describe(places, signal);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    if (places.length === 1) return [error];
  }
  const half = places.length >> 1;
  return [...(await describeAll(volume, places.subarray(0, half), signal)), ...(await describeAll(volume, places.subarray(half), signal))];
}

/** The record of one entry or stream, or the error in its place. */
export async function describeOne(volume: Volume, record: number, signal?: AbortSignal): Promise<EntryRecord | ImageError> {
  const [described] = await describeAll(volume, Float64Array.of(record), signal);
  return described as EntryRecord | ImageError;
}
