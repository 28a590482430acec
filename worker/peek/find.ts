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
  const needles = options.patterns.filter(({ bytes }) => bytes.length > 0 && bytes.length <= MAX_PATTERN).map(needleOf);
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

interface Needle {
  readonly bytes: Uint8Array;
  /** What a byte is compared as: itself, or a Latin capital as its small letter. */
  readonly fold: Uint8Array;
  /** How far the pattern may move when this byte stands under its end (Horspool). */
  readonly skip: Uint16Array;
}

function needleOf({ bytes, anyCase }: Pattern): Needle {
  const fold = Uint8Array.from({ length: 256 }, (_, byte) => (anyCase && byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte));
  const folded = bytes.map((byte) => fold[byte] as number);
  const last = folded.length - 1;
  const skip = new Uint16Array(256).fill(folded.length);
  for (let byte = 0; byte < 256; byte++) {
    const at = folded.lastIndexOf(fold[byte] as number, last - 1);
    if (at >= 0 && last > 0) skip[byte] = last - at;
  }
  return { bytes: folded, fold, skip };
}

function nearest(bytes: Uint8Array, needles: readonly Needle[], limit: number, backwards: boolean): Match | null {
  let best: Match | null = null;
  for (const needle of needles) {
    const at = backwards ? lastOf(bytes, needle, limit) : firstOf(bytes, needle, limit);
    if (at >= 0 && (!best || (backwards ? at > best.at : at < best.at))) best = { at, length: needle.bytes.length };
  }
  return best;
}

function firstOf(bytes: Uint8Array, { bytes: wanted, fold, skip }: Needle, limit: number): number {
  const last = wanted.length - 1;
  for (let at = 0; at < limit && at + last < bytes.length; at += skip[bytes[at + last] as number] as number) {
    let place = last;
    while (place >= 0 && fold[bytes[at + place] as number] === wanted[place]) place--;
    if (place < 0) return at;
  }
  return -1;
}

function lastOf(bytes: Uint8Array, { bytes: wanted, fold }: Needle, limit: number): number {
  for (let at = Math.min(limit - 1, bytes.length - wanted.length); at >= 0; at--) {
    let place = 0;
    while (place < wanted.length && fold[bytes[at + place] as number] === wanted[place]) place++;
    if (place === wanted.length) return at;
  }
  return -1;
}
