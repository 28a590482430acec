import type { Catalog } from '../catalog/catalog.ts';
import type { Volume } from '../formats/volume.ts';

/** Entries asked for at once. */
const BATCH = 4096;
/** Names of streams given one by one. */
const MAX_NAMED = 5;

/** What no form of a save keeps of an entry: how many named streams, and a sentence that names them. */
export interface LostStreams {
  readonly index: number;
  readonly count: number;
  readonly reason: string;
}

/** The named streams of a plan's entries, entry by entry, for those that have any. */
export async function* lostStreams(
  volume: Volume,
  catalog: Catalog,
  entries: Uint32Array,
  signal?: AbortSignal,
): AsyncGenerator<LostStreams> {
  if (!volume.streams || volume.hasStreams === false) return;
  for (let from = 0; from < entries.length; from += BATCH) {
    const batch = entries.subarray(from, from + BATCH);
    const found = await volume.streams(
      Array.from(batch, (entry) => catalog.record(entry)),
      signal,
    );
    for (const [at, streams] of found.entries()) {
      if (streams.length === 0) continue;
      const names = streams.slice(0, MAX_NAMED).map(({ name }) => `“${volume.decodeName(name)}”`);
      if (streams.length > MAX_NAMED) names.push(`${streams.length - MAX_NAMED} more`);
      yield { index: from + at, count: streams.length, reason: `Not saved with it: ${noun(streams.length)} ${names.join(', ')}.` };
    }
  }
}

const noun = (count: number): string => (count === 1 ? 'its named stream' : 'its named streams');
