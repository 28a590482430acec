import { firstOf, lastOf, needleOf, type Needle } from '../bytes/needle.ts';
import type { Match, Pattern } from '../protocol/preview.ts';
import type { ByteSource } from '../source/source.ts';

/** Longest pattern that is looked for. */
export const MAX_PATTERN = 1024;
/** Bytes looked at between two reports. */
const PIECE = 4 * 1024 * 1024;

export interface FindOptions {
  readonly patterns: readonly Pattern[];
  readonly from: number;
  readonly backwards: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (bytes: number) => void;
}

/**
 * The nearest place of any of the patterns: forwards one that begins at `from` or later, backwards one
 * that begins before it. Pieces of 4 MiB are read with the length of a pattern beyond their end.
 */
export async function findBytes(source: ByteSource, options: FindOptions): Promise<Match | null> {
  const needles = needlesOf(options.patterns);
  const { size } = source;
  const over = Math.max(0, ...needles.map(({ bytes }) => bytes.length)) - 1;
  if (over < 0) return null;
  let done = 0;
  const { backwards, signal } = options;
  for (let at = Math.min(options.from, size); backwards ? at > 0 : at < size;) {
    const start = backwards ? Math.max(0, at - PIECE) : at;
    const end = backwards ? at : Math.min(size, at + PIECE);
    const bytes = await source.read(start, Math.min(size, end + over) - start, signal);
    const found = nearest(bytes, needles, end - start, backwards);
    if (found) return { at: start + found.at, length: found.length };
    done += end - start;
    options.onProgress(done);
    at = backwards ? start : end;
  }
  return null;
}

/**
 * All places of the patterns in a source, in order, `most` of them told, the others counted; the next piece is read while
 * one is looked at. Places of one pattern may overlap.
 */
export async function findAll(
  source: ByteSource,
  patterns: readonly Pattern[],
  most: number,
  signal: AbortSignal,
  onProgress: (bytes: number) => void,
): Promise<{ readonly places: Match[]; readonly count: number }> {
  const needles = needlesOf(patterns);
  const { size } = source;
  const over = Math.max(0, ...needles.map(({ bytes }) => bytes.length)) - 1;
  const read = (at: number): Promise<Uint8Array> => source.read(at, Math.min(size, at + PIECE + over) - at, signal);
  const places: Match[] = [];
  let count = 0;
  if (over < 0 || size === 0) return { places, count };
  let coming = read(0);
  for (let at = 0; at < size; at += PIECE) {
    const bytes = await coming;
    if (at + PIECE < size) {
      coming = read(at + PIECE);
      coming.catch(() => undefined); // told when its turn comes
    }
    const found = allIn(bytes, needles, PIECE, most - places.length);
    count += found.count;
    for (const match of found.places) places.push({ at: at + match.at, length: match.length });
    onProgress(Math.min(PIECE, size - at));
  }
  return { places, count };
}

/** The patterns that can be looked for. */
export function needlesOf(patterns: readonly Pattern[]): Needle[] {
  return patterns
    .filter(({ bytes }) => bytes.length > 0 && bytes.length <= MAX_PATTERN)
    .map(({ bytes, anyCase }) => needleOf(bytes, anyCase));
}

/** How many places begin before `limit`, and the first of them, in order: any number can be counted, not told. */
export function allIn(
  bytes: Uint8Array,
  needles: readonly Needle[],
  limit: number,
  most: number,
): { readonly places: Match[]; readonly count: number } {
  const places: Match[] = [];
  let count = 0;
  for (const needle of needles) {
    let told = 0;
    for (let at = firstOf(bytes, needle, limit); at >= 0; at = firstOf(bytes, needle, limit, at + 1)) {
      count++;
      if (told++ < most) places.push({ at, length: needle.bytes.length });
    }
  }
  return { places: places.sort((a, b) => a.at - b.at).slice(0, most), count };
}

function nearest(bytes: Uint8Array, needles: readonly Needle[], limit: number, backwards: boolean): Match | null {
  let best: Match | null = null;
  for (const needle of needles) {
    const at = backwards ? lastOf(bytes, needle, limit) : firstOf(bytes, needle, limit);
    if (at >= 0 && (!best || (backwards ? at > best.at : at < best.at))) best = { at, length: needle.bytes.length };
  }
  return best;
}
