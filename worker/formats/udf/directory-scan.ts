import type { Gather } from '../../source/gather.ts';
import { runLength, type Run } from '../../source/runs.ts';
import type { Findings } from '../findings.ts';
import type { FileEntry } from './file-entry.ts';
import { scanIdentifiers, type IdentifierScan } from './file-identifier.ts';
import { firstAbove } from './space.ts';

/** A part of a directory that is to be read. */
interface WantedPart<T> {
  readonly directory: T;
  readonly from: number;
  readonly length: number;
  /** Whether the directory ends with it. */
  readonly last: boolean;
}

/** A part of a directory, decoded. */
export interface ScannedPart<T> {
  readonly directory: T;
  readonly scan: IdentifierScan;
}

/** Read parts of directories together, and decode the identifiers in them (ECMA-167 4/8.6). */
export async function scanDirectories<T extends { readonly entry: FileEntry }>(
  gather: Gather,
  wanted: readonly WantedPart<T>[],
  findings: Findings,
  signal?: AbortSignal,
): Promise<ScannedPart<T>[]> {
  const parts = wanted.map(({ directory, from, length, last }) => ({
    directory,
    last,
    contents: new Uint8Array(length),
    runs: runsBetween(directory.entry.allocation.runs, from, length),
    /** Bytes that the image should hold and does not. */
    lacks: 0,
  }));
  const offsets: number[] = [];
  const lengths: number[] = [];
  const places: { part: (typeof parts)[number]; at: number }[] = [];
  for (const part of parts) {
    let at = 0;
    for (const run of part.runs) {
      if ('offset' in run) {
        offsets.push(run.offset);
        lengths.push(run.length);
        places.push({ part, at });
        part.lacks += run.length;
      }
      at += runLength(run);
    }
  }
  await gather.visit(
    offsets,
    lengths,
    (index, window, from, length) => {
      const place = places[index];
      if (!place) return;
      place.part.contents.set(window.bytes.subarray(from, from + length), place.at);
      place.part.lacks -= length;
    },
    signal,
  );
  return parts.map(({ directory, last, contents, runs, lacks }) => {
    const scan = scanIdentifiers(contents, last, placesIn(runs), findings);
    if (lacks === 0) return { directory, scan };
    findings.add(
      'damage',
      'directory-cut',
      directory.entry.offset,
      'ECMA-167 4/8.6',
      'Part of a directory lies outside of the image; its other entries are listed.',
    );
    return { directory, scan: { ...scan, complete: false } };
  });
}

/** The pieces of `length` bytes from `from` on. */
function runsBetween(runs: readonly Run[], from: number, length: number): Run[] {
  const between: Run[] = [];
  let start = 0;
  for (const run of runs) {
    const low = Math.max(from, start);
    const high = Math.min(from + length, start + runLength(run));
    if (high > low) between.push('offset' in run ? { offset: run.offset + low - start, length: high - low } : { zeros: high - low });
    start += runLength(run);
    if (start >= from + length) break;
  }
  return between;
}

/** Tells the absolute offset of a byte of these pieces; null in a hole. It is asked for few of them, or for very many. */
function placesIn(runs: readonly Run[]): (at: number) => number | null {
  let starts: Uint32Array | null = null;
  return (at) => {
    if (!starts) {
      starts = new Uint32Array(runs.length);
      for (let index = 1; index < runs.length; index++) starts[index] = (starts[index - 1] as number) + runLength(runs[index - 1] as Run);
    }
    const index = firstAbove(starts, at) - 1;
    const run = runs[index];
    const within = at - (starts[index] ?? 0);
    return run && 'offset' in run && within < run.length ? run.offset + within : null;
  };
}
